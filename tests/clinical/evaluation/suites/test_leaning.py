"""What the checker leans to, from what its model made of each source."""

import pytest

from clinical.evaluation.suites.leaning import Leaning, Reading, leaning_of
from clinical.evidence.checking.domain import Check, Reason, Verdict
from clinical.evidence.checking.reader import Judgement
from clinical.evidence.domain import Passage
from tests.clinical.evidence.corpus import make_article

TEXT = "One. Two. Three. Four."
PASSAGES = tuple(Passage(source=make_article(TEXT), start=at, end=at + 4) for at in (0, 5, 10, 17))
OTHERS = tuple(Passage(source=make_article(TEXT, id="pmid:2"), start=at, end=at + 4) for at in (0, 5, 10, 17))
SILENT = Check(
    verdict=Verdict.NOT_ENOUGH, passage=PASSAGES[0], quote="One.", reason=Reason.NOT_SURE, confidence=0.5
)


def reading(
    supported: float,
    contradicted: float,
    *,
    passages: tuple[Passage, ...] = PASSAGES,
    supports: tuple[float, ...] = (-1.0, 2.0, 1.0, 0.5),
) -> Reading:
    against = tuple(-each for each in supports)
    return Reading(passages, Judgement(supported, contradicted, supports, against))


@pytest.mark.parametrize(
    ("supported", "contradicted", "verdict"),
    [
        (0.4, 0.3, Verdict.SUPPORTED),
        (0.2, 0.5, Verdict.CONTRADICTED),
        (0.3, 0.2, Verdict.NOT_ENOUGH),
    ],
)
def test_the_likeliest_of_three_verdicts(supported: float, contradicted: float, verdict: Verdict) -> None:
    assert leaning_of(SILENT, [reading(supported, contradicted)]).verdict is verdict


def test_the_source_that_says_most_of_the_claim_decides() -> None:
    found = leaning_of(SILENT, [reading(0.3, 0.1), reading(0.1, 0.7, passages=OTHERS)])
    assert found.verdict is Verdict.CONTRADICTED
    assert {each.source.id for each in found.sentences} == {"pmid:2"}


def test_the_sentences_that_speak_so_are_given_three_at_most_the_best_first() -> None:
    found = leaning_of(SILENT, [reading(0.8, 0.1, supports=(0.1, 2.0, 1.0, 0.5))])
    assert found.sentences == (PASSAGES[1], PASSAGES[2], PASSAGES[3])


def test_one_sentence_is_given_even_where_none_speaks_so() -> None:
    found = leaning_of(SILENT, [reading(0.8, 0.1, supports=(-1.0, -0.5, -2.0, -3.0))])
    assert found.sentences == (PASSAGES[1],)


def test_what_the_gate_says_stands_with_the_sentences_of_its_source() -> None:
    said = Check(
        verdict=Verdict.SUPPORTED, passage=PASSAGES[2], quote="", reason=Reason.SAYS_SO, confidence=0.9
    )
    found = leaning_of(said, [reading(0.1, 0.9, passages=OTHERS), reading(0.8, 0.1)])
    assert found.verdict is Verdict.SUPPORTED
    assert found.sentences[0] == PASSAGES[1]


def test_without_a_reading_the_gate_is_all_there_is() -> None:
    said = Check(
        verdict=Verdict.SUPPORTED, passage=PASSAGES[0], quote="One.", reason=Reason.RESTATED, confidence=1.0
    )
    assert leaning_of(said, []) == Leaning(Verdict.SUPPORTED, (PASSAGES[0],))
    assert leaning_of(SILENT, []) == Leaning(Verdict.NOT_ENOUGH, ())
