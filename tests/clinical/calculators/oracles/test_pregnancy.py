"""Bishop and Apgar agree with those of others on random inputs."""

from clinical.calculators.formulas.body_and_mind.pregnancy import apgar, bishop_score
from tests.clinical.calculators.drawing import drawn

# The words of clincalc for the signs of the newborn, in the order of their points.
WORDS = {
    "respiration": ("respiratory_effort", ("absent", "slow_or_irregular", "good_with_vigorous_cry")),
    "muscle_tone": ("muscle_tone", ("flaccid", "some_flexion", "active_motion")),
    "reflexes": ("reflex_irritability", ("no_response", "grimace", "cough_sneeze_or_active_withdrawal")),
    "colour": ("appearance", ("blue_or_pale", "pink_body_blue_extremities", "completely_pink")),
}
SETTING = {
    "minute_after_birth": 5,
    "assessment_during_resuscitation": False,
    "gestational_context": "term_or_late_preterm",
}


def _place(choice):
    return [*type(choice).__members__.values()].index(choice)


def test_bishop_agrees_with_open_medicine_on_whole_centimetres(open_medicine):
    for given in drawn(
        bishop_score,
        within={"dilation_cm": (0, 6), "effacement_percent": (0, 100), "station": (-3, 2)},
    ):
        whole = {
            **given,
            "dilation_cm": int(given["dilation_cm"]),
            "effacement_percent": int(given["effacement_percent"]),
        }
        theirs = open_medicine(
            "bishop",
            dilation_cm=whole["dilation_cm"],
            effacement_pct=whole["effacement_percent"],
            station=whole["station"],
            consistency=_place(whole["consistency"]),
            position=_place(whole["position"]),
        )
        assert bishop_score(**whole) == theirs


def test_apgar_agrees_with_both(open_medicine, clincalc):
    for given in drawn(apgar, within={"heart_rate_per_min": (0, 200)}):
        rate = int(given["heart_rate_per_min"]) if given["heart_rate_per_min"] > 20 else 0
        ours = apgar(**{**given, "heart_rate_per_min": rate})
        pulse = 0 if rate == 0 else 1 if rate < 100 else 2
        assert ours == open_medicine(
            "apgar",
            appearance=_place(given["colour"]),
            pulse=pulse,
            grimace=_place(given["reflexes"]),
            activity=_place(given["muscle_tone"]),
            respiration=_place(given["respiration"]),
        )
        signs = {name: words[_place(given[key])] for key, (name, words) in WORDS.items()}
        heart_rate = ("absent", "below_100", "at_least_100")[pulse]
        assert ours == clincalc("apgar", {**SETTING, **signs, "heart_rate": heart_rate})["result"]
