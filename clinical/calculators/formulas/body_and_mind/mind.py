"""Depression, anxiety and alcohol, in the patient's own answers and, in withdrawal, by what is seen."""

from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source

# Labels are short names of the items. The questionnaires are free to use; ask with their full text.
OFTEN = "(0 not at all, 1 several days, 2 more than half the days, 3 nearly every day)"

PHQ = Source(
    text="Kroenke, Spitzer and Williams, J Gen Intern Med 2001; 16: 606-613",
    doi="10.1046/j.1525-1497.2001.016009606.x",
)

LittleInterest = Annotated[int, Asked(label=f"little interest or pleasure {OFTEN}", low=0, high=3)]
FeelingDown = Annotated[int, Asked(label=f"feeling down or hopeless {OFTEN}", low=0, high=3)]


@calculator(
    "PHQ-2",
    Source(
        text="Kroenke, Spitzer and Williams, Med Care 2003; 41: 1284-1292",
        doi="10.1097/01.MLR.0000093487.78664.3C",
    ),
    out_of=6,
    bands=((0, "depression less likely"), (3, "positive: ask the whole PHQ-9")),
    note="Over the last two weeks. A screen, not a diagnosis.",
)
def phq_2(*, little_interest: LittleInterest, feeling_down: FeelingDown) -> int:
    """Return the points, 0 to 6."""
    return little_interest + feeling_down


@calculator(
    "PHQ-9",
    PHQ,
    out_of=27,
    bands=(
        (0, "minimal symptoms of depression"),
        (5, "mild symptoms of depression"),
        (10, "moderate symptoms of depression"),
        (15, "moderately severe symptoms of depression"),
        (20, "severe symptoms of depression"),
    ),
    note="Over the last two weeks. Any answer above 0 to the ninth item needs a talk about suicide at once, whatever the "
    "total. A screen, not a diagnosis.",
)
def phq_9(
    *,
    little_interest: LittleInterest,
    feeling_down: FeelingDown,
    poor_sleep: Annotated[int, Asked(label=f"too little or too much sleep {OFTEN}", low=0, high=3)],
    little_energy: Annotated[int, Asked(label=f"tired, little energy {OFTEN}", low=0, high=3)],
    changed_appetite: Annotated[int, Asked(label=f"poor appetite or overeating {OFTEN}", low=0, high=3)],
    feeling_bad_about_oneself: Annotated[
        int, Asked(label=f"feeling bad about oneself {OFTEN}", low=0, high=3)
    ],
    poor_concentration: Annotated[int, Asked(label=f"trouble concentrating {OFTEN}", low=0, high=3)],
    slow_or_restless: Annotated[int, Asked(label=f"slow, or restless, as others see {OFTEN}", low=0, high=3)],
    thoughts_of_death: Annotated[
        int, Asked(label=f"thoughts of being better off dead, or of self-harm {OFTEN}", low=0, high=3)
    ],
) -> int:
    """Return the points, 0 to 27."""
    mood = little_interest + feeling_down + feeling_bad_about_oneself + thoughts_of_death
    body = poor_sleep + little_energy + changed_appetite
    return mood + body + poor_concentration + slow_or_restless


@calculator(
    "GAD-7",
    Source(text="Spitzer et al., Arch Intern Med 2006; 166: 1092-1097", doi="10.1001/archinte.166.10.1092"),
    out_of=21,
    bands=(
        (0, "minimal anxiety"),
        (5, "mild anxiety"),
        (10, "moderate anxiety: look further"),
        (15, "severe anxiety: look further"),
    ),
    note="Over the last two weeks. A screen, not a diagnosis.",
)
def gad_7(
    *,
    nervous: Annotated[int, Asked(label=f"nervous, anxious or on edge {OFTEN}", low=0, high=3)],
    cannot_stop_worrying: Annotated[int, Asked(label=f"cannot stop worrying {OFTEN}", low=0, high=3)],
    worries_too_much: Annotated[int, Asked(label=f"worries too much {OFTEN}", low=0, high=3)],
    cannot_relax: Annotated[int, Asked(label=f"trouble relaxing {OFTEN}", low=0, high=3)],
    restless: Annotated[int, Asked(label=f"too restless to sit still {OFTEN}", low=0, high=3)],
    irritable: Annotated[int, Asked(label=f"easily annoyed {OFTEN}", low=0, high=3)],
    afraid: Annotated[int, Asked(label=f"afraid that something awful might happen {OFTEN}", low=0, high=3)],
) -> int:
    """Return the points, 0 to 21."""
    worry = nervous + cannot_stop_worrying + worries_too_much + afraid
    return worry + cannot_relax + restless + irritable


@calculator(
    "AUDIT-C",
    Source(text="Bush et al., Arch Intern Med 1998; 158: 1789-1795", doi="10.1001/archinte.158.16.1789"),
    # The limit of 3 in women.
    Source(
        text="Bradley et al., Alcohol Clin Exp Res 2007; 31: 1208-1217",
        doi="10.1111/j.1530-0277.2007.00403.x",
    ),
    out_of=12,
    bands=(
        (0, "below both limits"),
        (3, "in women unhealthy drinking is likely, in men not yet"),
        (4, "unhealthy drinking is likely: ask further"),
    ),
)
def audit_c(
    *,
    how_often: Annotated[
        int,
        Asked(
            label="how often alcohol (0 never, 1 monthly or less, 2 two to four times a month, "
            "3 two or three times a week, 4 more)",
            low=0,
            high=4,
        ),
    ],
    how_many: Annotated[
        int,
        Asked(
            label="drinks on a day of drinking (0 one or two, 1 to four, 2 to six, 3 to nine, 4 ten or more)",
            low=0,
            high=4,
        ),
    ],
    how_often_six: Annotated[
        int,
        Asked(
            label="how often six or more at once (0 never, 1 less than monthly, 2 monthly, 3 weekly, 4 daily)",
            low=0,
            high=4,
        ),
    ],
) -> int:
    """Return the points, 0 to 12."""
    return how_often + how_many + how_often_six


@calculator(
    "CAGE",
    Source(text="Ewing, JAMA 1984; 252: 1905-1907", doi="10.1001/jama.1984.03350140051025"),
    out_of=4,
    bands=((0, "alcohol dependence less likely"), (2, "a drinking problem is likely: ask further")),
    note="It asks about the whole life, and misses hazardous drinking without dependence: AUDIT-C finds that.",
)
def cage(
    *,
    felt_should_cut_down: Annotated[bool, Asked(label="felt that drinking should be cut down")],
    annoyed_by_criticism: Annotated[bool, Asked(label="annoyed by criticism of drinking")],
    felt_guilty: Annotated[bool, Asked(label="felt guilty about drinking")],
    drank_in_the_morning: Annotated[bool, Asked(label="a drink first thing in the morning")],
) -> int:
    """Return how many of the four are answered with yes."""
    return sum((felt_should_cut_down, annoyed_by_criticism, felt_guilty, drank_in_the_morning))


@calculator(
    "CIWA-Ar",
    Source(text="Sullivan et al., Br J Addict 1989; 84: 1353-1357", doi="10.1111/j.1360-0443.1989.tb00737.x"),
    out_of=67,
    # Source: ASAM guideline on alcohol withdrawal management, J Addict Med 2020; 14(3S): 1-72.
    bands=(
        (0, "mild withdrawal, or none"),
        (10, "moderate withdrawal"),
        (19, "severe withdrawal"),
    ),
    note="For alcohol withdrawal that is already recognised, in a patient who can answer. Other causes of the signs "
    "(sepsis, head injury, other medicines) raise it too.",
)
def ciwa_ar(
    *,
    nausea_and_vomiting: Annotated[int, Asked(label="nausea and vomiting, 0 to 7", low=0, high=7)],
    tremor: Annotated[int, Asked(label="tremor, 0 to 7", low=0, high=7)],
    sweats: Annotated[int, Asked(label="paroxysmal sweats, 0 to 7", low=0, high=7)],
    anxiety: Annotated[int, Asked(label="anxiety, 0 to 7", low=0, high=7)],
    agitation: Annotated[int, Asked(label="agitation, 0 to 7", low=0, high=7)],
    tactile_disturbances: Annotated[int, Asked(label="tactile disturbances, 0 to 7", low=0, high=7)],
    auditory_disturbances: Annotated[int, Asked(label="auditory disturbances, 0 to 7", low=0, high=7)],
    visual_disturbances: Annotated[int, Asked(label="visual disturbances, 0 to 7", low=0, high=7)],
    headache: Annotated[int, Asked(label="headache, fullness in the head, 0 to 7", low=0, high=7)],
    disorientation: Annotated[
        int, Asked(label="orientation, clouding of the sensorium, 0 to 4", low=0, high=4)
    ],
) -> int:
    """Return the points, 0 to 67."""
    senses = tactile_disturbances + auditory_disturbances + visual_disturbances
    seen = tremor + sweats + anxiety + agitation
    return nausea_and_vomiting + headache + senses + seen + disorientation
