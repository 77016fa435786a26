"""The checker at another threshold, and without its model."""

from collections.abc import Sequence

import pytest

from clinical.evaluation.suites.checkers import Checked, check_by_rules, checker
from clinical.evidence.checking.domain import Verdict
from clinical.evidence.checking.pairs import Pair
from clinical.evidence.checking.reader import Head, Judgement, Limits
from clinical.evidence.domain import Passage
from tests.clinical.evidence.corpus import make_article

TEXT = "Treatment with metoprolol lowered deaths from any cause in patients with heart failure."
CLAIM = "Metoprolol treatment lowered deaths from any cause in heart failure patients."


class SureAt:
    """A reader that gives every pair the same probability of being supported."""

    def __init__(self, supported: float) -> None:
        self._supported = supported

    @property
    def limits(self) -> Limits:
        return Limits(supported_at=0.99, contradicted_at=0.99, sentences=3)

    def has(self, head: Head) -> bool:
        return head is Head.VERDICT

    def judge(self, claim: str, passages: Sequence[Passage]) -> Judgement:
        return Judgement(self._supported, 0.0, [1.0] * len(passages), [-1.0] * len(passages))

    def probabilities(self, head: Head, pairs: Sequence[Pair]) -> Sequence[Sequence[float]]:
        raise AssertionError("a claim is judged, not classified")


@pytest.fixture
def passages() -> list[Passage]:
    return [Passage(source=make_article(TEXT), start=0, end=len(TEXT))]


def gated_at(supported_at: float | None, passages: list[Passage]) -> Checked:
    return checker(supported_at=supported_at, open_reader=lambda: SureAt(0.8))(CLAIM, passages)


def test_the_threshold_moves_the_gate_and_not_what_the_checker_leans_to(passages: list[Passage]) -> None:
    through, held, released = (gated_at(each, passages) for each in (0.7, 0.9, None))
    assert through.check.verdict is Verdict.SUPPORTED
    assert held.check.verdict is released.check.verdict is Verdict.NOT_ENOUGH
    assert {each.leaning.verdict for each in (through, held, released)} == {Verdict.SUPPORTED}
    assert held.leaning.sentences == tuple(passages)


def test_rules_alone_support_only_the_same_words(passages: list[Passage]) -> None:
    assert check_by_rules(CLAIM, passages).check.verdict is Verdict.NOT_ENOUGH
    restated = check_by_rules(TEXT, passages)
    assert restated.check.verdict is restated.leaning.verdict is Verdict.SUPPORTED
    assert restated.leaning.sentences == tuple(passages)


def test_without_a_model_the_threshold_changes_nothing(passages: list[Passage]) -> None:
    found = checker(supported_at=0.1, open_reader=lambda: None)(CLAIM, passages)
    assert found.check.verdict is found.leaning.verdict is Verdict.NOT_ENOUGH
