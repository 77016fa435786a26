"""Strokes, haemorrhages, delirium, and how awake a small child is."""

from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.errors import NotApplicable
from clinical.calculators.inputs import AdultAgeYears, GlasgowComaScore
from clinical.calculators.steps import points_from

HaematomaMl = Annotated[float, Asked(label="volume of the haematoma", unit="mL", low=0, high=300)]


@calculator(
    "NIH stroke scale",
    Source(text="Brott et al., Stroke 1989; 20: 864-870", doi="10.1161/01.STR.20.7.864"),
    # The items and points of today's form.
    Source(text="Lyden et al., Stroke 1994; 25: 2220-2226", doi="10.1161/01.STR.25.11.2220"),
    out_of=42,
    note="By someone trained in it. It weighs the dominant hemisphere more, and can be 0 in a stroke of the posterior "
    "circulation. An item that cannot be tested has no points: say so beside the total.",
)
def nihss(
    *,
    consciousness: Annotated[
        int, Asked(label="1a level of consciousness (0 alert to 3 unresponsive)", low=0, high=3)
    ],
    questions: Annotated[
        int, Asked(label="1b questions: month and age (0 both right to 2 none)", low=0, high=2)
    ],
    commands: Annotated[int, Asked(label="1c commands (0 both obeyed to 2 none)", low=0, high=2)],
    gaze: Annotated[int, Asked(label="2 gaze (0 normal to 2 forced deviation)", low=0, high=2)],
    visual_fields: Annotated[int, Asked(label="3 visual fields (0 no loss to 3 bilateral)", low=0, high=3)],
    facial_palsy: Annotated[int, Asked(label="4 facial palsy (0 none to 3 complete)", low=0, high=3)],
    left_arm: Annotated[int, Asked(label="5a left arm (0 no drift to 4 no movement)", low=0, high=4)],
    right_arm: Annotated[int, Asked(label="5b right arm (0 no drift to 4 no movement)", low=0, high=4)],
    left_leg: Annotated[int, Asked(label="6a left leg (0 no drift to 4 no movement)", low=0, high=4)],
    right_leg: Annotated[int, Asked(label="6b right leg (0 no drift to 4 no movement)", low=0, high=4)],
    ataxia: Annotated[int, Asked(label="7 limb ataxia (0 none to 2 in two limbs)", low=0, high=2)],
    sensory_loss: Annotated[int, Asked(label="8 sensory loss (0 none to 2 severe)", low=0, high=2)],
    aphasia: Annotated[int, Asked(label="9 language (0 no aphasia to 3 mute)", low=0, high=3)],
    dysarthria: Annotated[int, Asked(label="10 dysarthria (0 none to 2 severe)", low=0, high=2)],
    neglect: Annotated[
        int, Asked(label="11 extinction and inattention (0 none to 2 in more than one sense)", low=0, high=2)
    ],
) -> int:
    """Return the points, 0 to 42."""
    mind = consciousness + questions + commands + aphasia + dysarthria + neglect
    limbs = left_arm + right_arm + left_leg + right_leg + ataxia
    return mind + limbs + gaze + visual_fields + facial_palsy + sensory_loss


@calculator(
    "ICH score",
    Source(text="Hemphill et al., Stroke 2001; 32: 891-897", doi="10.1161/01.STR.32.4.891"),
    out_of=6,
    bands=(
        (0, "none of the authors' patients died within 30 days"),
        (1, "13% died within 30 days"),
        (2, "26% died within 30 days"),
        (3, "72% died within 30 days"),
        (4, "97% died within 30 days"),
        (5, "all of the authors' patients died within 30 days"),
    ),
    note="For intracerebral haemorrhage that is not from injury, at presentation. It says how severe, and is not to be the "
    "only reason to limit treatment (AHA/ASA guideline 2022).",
)
def ich_score(
    *,
    glasgow_coma_score: GlasgowComaScore,
    haematoma_ml: HaematomaMl,
    has_intraventricular_blood: Annotated[bool, Asked(label="blood in the ventricles")],
    is_infratentorial: Annotated[bool, Asked(label="origin below the tentorium")],
    age_years: AdultAgeYears,
) -> int:
    """Return the points, 0 to 6."""
    coma = points_from(glasgow_coma_score, ((5, 1), (13, 0)), below=2)
    return coma + sum((haematoma_ml >= 30, has_intraventricular_blood, is_infratentorial, age_years >= 80))


class Alertness(StrEnum):
    """How awake the patient is."""

    NORMAL = "normal"
    SLEEPY_ON_WAKING = "sleepy for less than 10 seconds after waking, then normal"
    ABNORMAL = "clearly abnormal"


class Mistakes(StrEnum):
    """What goes wrong with age, date of birth, place and year (AMT4)."""

    NONE = "none"
    ONE = "one"
    MORE = "two or more, or untestable"


class Attention(StrEnum):
    """The months backward."""

    SEVEN_OR_MORE = "seven or more months"
    FEWER = "fewer than seven, or refuses"
    UNTESTABLE = "untestable"


@calculator(
    "4AT",
    Source(text="Bellelli et al., Age Ageing 2014; 43: 496-502", doi="10.1093/ageing/afu021"),
    out_of=12,
    bands=(
        (0, "delirium or severe cognitive impairment unlikely, if the history of change is complete"),
        (1, "possible cognitive impairment"),
        (4, "possible delirium, with or without cognitive impairment"),
    ),
    note="A screen, not a diagnosis.",
)
def four_at(
    *,
    alertness: Annotated[Alertness, Asked(label="alertness")],
    mistakes: Annotated[Mistakes, Asked(label="mistakes in age, date of birth, place, year")],
    attention: Annotated[Attention, Asked(label="months of the year backward")],
    has_acute_change: Annotated[bool, Asked(label="acute change or fluctuating course")],
) -> int:
    """Return the points, 0 to 12."""
    abnormal = 4 * (alertness is Alertness.ABNORMAL) + 4 * has_acute_change
    return abnormal + list(Mistakes).index(mistakes) + list(Attention).index(attention)


class ChildEyes(StrEnum):
    """What opens the child's eyes, from nothing up."""

    NONE = "none"
    TO_PAIN = "to pain"
    TO_SPEECH = "to speech"
    SPONTANEOUS = "spontaneous"
    NOT_TESTABLE = "not testable"


class ChildVoice(StrEnum):
    """The best that a child says who does not speak yet, from nothing up."""

    NONE = "none"
    MOANS_TO_PAIN = "moans to pain"
    CRIES_TO_PAIN = "cries to pain"
    IRRITABLE_CRY = "irritable, cries"
    COOS_OR_BABBLES = "coos or babbles"
    NOT_TESTABLE = "not testable"


class ChildMovement(StrEnum):
    """The best movement of a small child, from nothing up."""

    NONE = "none"
    EXTENSION = "extension to pain"
    FLEXION = "abnormal flexion to pain"
    WITHDRAWS_FROM_PAIN = "withdraws from pain"
    WITHDRAWS_FROM_TOUCH = "withdraws from touch"
    SPONTANEOUS = "moves spontaneously and with purpose"
    NOT_TESTABLE = "not testable"


@calculator(
    "Glasgow coma scale for small children",
    Source(text="Holmes et al., Acad Emerg Med 2005; 12: 814-819", doi="10.1197/j.aem.2005.04.019"),
    Source(text="Reilly et al., Childs Nerv Syst 1988; 4: 30-33", doi="10.1007/BF00274080"),
    out_of=15,
    note="For children who do not speak yet, up to about two years. Say the three responses beside the total.",
)
def pediatric_glasgow_coma_scale(
    *,
    eyes: Annotated[ChildEyes, Asked(label="eyes open")],
    voice: Annotated[ChildVoice, Asked(label="best sound")],
    movement: Annotated[ChildMovement, Asked(label="best movement")],
) -> int:
    """Return the total, 3 to 15. Raises: NotApplicable where a response cannot be tested."""
    if "not testable" in (eyes, voice, movement):
        raise NotApplicable(
            "With a response that cannot be tested there is no total: give the others by themselves"
        )
    return (
        list(ChildEyes).index(eyes) + list(ChildVoice).index(voice) + list(ChildMovement).index(movement) + 3
    )
