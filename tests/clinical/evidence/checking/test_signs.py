"""What is counted of a claim beside a source."""

from clinical.evidence.checking.rules import RULES
from clinical.evidence.checking.signs import SIGNS, signs
from tests.clinical.evidence.checking.passages import quote

PASSAGE = quote("Bexapril lowered stroke by 25%.", title="Bexapril in gout")
OTHER = quote("Bexapril raised the rate of stroke.")
FIRST_SHARE = len(RULES) + 1
FIRST_DIRECTION = FIRST_SHARE + 7


def test_a_faithful_claim_raises_no_objection_is_covered_and_agreed_with() -> None:
    found = signs("Bexapril lowered stroke by 25%.", [PASSAGE], 0)
    assert found[:FIRST_SHARE] == [0.0] * FIRST_SHARE
    whole, title, with_title, sentence = found[FIRST_SHARE : FIRST_SHARE + 4]
    assert (whole, with_title, sentence) == (1, 1, 1)
    assert 0 < title < 1
    agreed, opposed = found[FIRST_DIRECTION : FIRST_DIRECTION + 2]
    assert (agreed > 0, opposed) == (True, 0)


def test_objections_missing_names_and_numbers_are_counted() -> None:
    found = signs("ABC-9 and bexapril raised stroke by 30%.", [PASSAGE], 0)
    assert sum(found[: len(RULES)]) >= 2
    assert found[len(RULES)] == 1
    assert found[FIRST_DIRECTION - 2 : FIRST_DIRECTION] == [1, 1]


def test_the_other_passages_say_for_and_against_too() -> None:
    agreed, opposed, *_ = signs("Bexapril lowered stroke.", [PASSAGE, OTHER], 0)[FIRST_DIRECTION:]
    assert agreed > 0
    assert opposed > 0


def test_there_are_as_many_whatever_the_texts() -> None:
    assert len(signs("", [quote(".")], 0)) == len(signs("Stroke.", [PASSAGE, OTHER], 1)) == SIGNS
