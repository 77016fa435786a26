"""Two models on the same questions, in figures and in words."""

from collections.abc import Sequence

from clinical.evaluation.metrics.paired import Paired, mcnemar_p
from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.multiple_choice.asking import Reply
from clinical.evaluation.suites.multiple_choice.posing import Posed
from clinical.evaluation.suites.multiple_choice.scoring import right

SIGNIFICANT = 0.05

A_IS_BETTER = "A is better"
B_IS_BETTER = "B is better"
NO_DIFFERENCE = "no difference shown"
# Nothing was measured where one of them could not be reached: that is no victory of the other.
NO_COMPARISON = "no comparison: one of them answered nothing"


def compare(questions: Sequence[Posed], a: Sequence[Reply], b: Sequence[Reply]) -> Figures:
    """Return the paired difference (A less B), its p, and how many of B's errors A saves."""
    pairs = Paired(right(questions, a), right(questions, b))
    p = mcnemar_p(pairs.wins, pairs.losses)
    ids = [question.choice.id for question in questions]
    marks = list(zip(ids, pairs.a_right, pairs.b_right, strict=True))
    return {
        "verdict": _verdict(pairs, p, a, b),
        "difference": pairs.difference,
        "difference_ci": pairs.difference_interval,
        "mcnemar_p": p,
        "wins": pairs.wins,
        "losses": pairs.losses,
        "ties": pairs.ties,
        "error_reduction": pairs.error_reduction,
        "error_reduction_ci": pairs.error_reduction_interval,
        "only_a_right": [each for each, a_is_right, b_is_right in marks if a_is_right and not b_is_right],
        "only_b_right": [each for each, a_is_right, b_is_right in marks if b_is_right and not a_is_right],
    }


def _verdict(pairs: Paired, p: float, a: Sequence[Reply], b: Sequence[Reply]) -> str:
    if not all(any(reply.letter for reply in replies) for replies in (a, b)):
        return NO_COMPARISON
    if p >= SIGNIFICANT:
        return NO_DIFFERENCE
    return A_IS_BETTER if pairs.wins > pairs.losses else B_IS_BETTER
