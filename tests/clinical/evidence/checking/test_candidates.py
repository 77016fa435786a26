"""The passages nearest to a claim."""

from clinical.evidence.checking.candidates import nearest
from tests.clinical.evidence.checking.passages import quote

COMMON = [quote(f"Patients of the trial were seen {number} times.") for number in range(4)]
RARE = quote("Bexapril lowered the rate of stroke.")


def test_the_passage_that_shares_rare_words_comes_first() -> None:
    assert nearest("Patients on bexapril had fewer strokes.", [*COMMON, RARE], 1) == [RARE]


def test_of_equals_the_earlier_comes_first_and_no_more_than_asked_for() -> None:
    assert nearest("Nothing is shared.", COMMON, 2) == COMMON[:2]
    assert nearest("Patients", [], 3) == []
