"""A model points at words of a note; rules read the number, and what is not there does not count."""

import json

import pytest

from clinical.answers.charted.note_inputs import filled_with_model, read_quote
from clinical.calculators.registry import calculators
from clinical.errors import EngineUnavailable
from clinical.inference.domain import Usage

EGFR = calculators()["egfr-ckd-epi-2021"]
CREATININE = EGFR.inputs["creatinine_mg_dl"]
NOTE = "A 60-year-old man. The kidney marker stood at 1.4 mg/dL, and later at 2.0 mg/dL."


class Pointing:
    """Points at what its script says."""

    def __init__(self, quote=None):
        self.quote = quote

    def info(self):
        raise EngineUnavailable("scripted")

    def write(self, draft):
        if self.quote is None:
            raise EngineUnavailable("scripted")
        yield json.dumps({"quote": self.quote})
        return Usage()


@pytest.mark.parametrize(
    ("quote", "value"),
    [
        ("stood at 1.4 mg/dL", 1.4),
        ("1.4 mg/dL, and later at 2.0 mg/dL", None),
        ("creatinine 1.4 mg/dL", None),
        ("The kidney marker", None),
        ("A 60-year-old man", None),
        ("", None),
    ],
)
def test_only_a_quote_of_the_note_with_one_number_that_fits_counts(quote, value):
    mention = read_quote(CREATININE, NOTE, quote)
    assert (mention.value if mention else None) == value


def test_rules_come_first_and_the_model_adds_what_they_lack():
    filled = {each.name: each for each in filled_with_model(Pointing("stood at 1.4 mg/dL"), EGFR, NOTE)}
    assert filled["age_years"].value == 60
    assert (filled["creatinine_mg_dl"].value, filled["creatinine_mg_dl"].text) == (1.4, "stood at 1.4 mg/dL")


def test_an_invention_and_a_model_that_is_down_add_nothing():
    for engine in (Pointing("creatinine of 1.2 mg/dL"), Pointing()):
        assert {each.name for each in filled_with_model(engine, EGFR, NOTE)} == {"age_years", "sex"}
