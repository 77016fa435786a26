"""Whether our calculators give what MedCalc-Bench's rows and their auditors have, and abstain where nobody can know."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinical.evaluation.data.medcalc import Answer, Case
from clinical.evaluation.medcalc.answering import Outcome, computed_from_entities
from clinical.evaluation.medcalc.mapping import mapped
from clinical.evaluation.metrics.bootstrap import mean_interval
from clinical.evaluation.metrics.latency import Latency
from clinical.evaluation.suites.figures import Figures, latency_figures, share
from clinical.evaluation.suites.tracking import Track, untracked

UNEXPLAINED = "unexplained"
# The formula is not in question where two agree from the same entities.
READ_OTHERWISE = (
    "ours is the original's, from the same entities; the auditors took others from the note, or slipped"
)
WE_READ_OTHERWISE = "we read the note otherwise than the row's entities have it"


@dataclass(frozen=True)
class _Judged:
    """A row with what we gave for it."""

    case: Case
    outcome: Outcome

    @property
    def is_within(self) -> bool:
        return self.outcome.value is not None and self.case.limits.hold(self.outcome.value)

    @property
    def is_within_audited(self) -> bool:
        limits, value = self.case.audited_limits, self.outcome.value
        return limits is not None and value is not None and limits.hold(value)

    @property
    def is_abstained(self) -> bool:
        return self.outcome.value is None

    @property
    def is_different(self) -> bool:
        """Whether the original or the auditors have another answer; where nobody has one, abstaining is none."""
        if self.case.is_unanswerable:
            return not self.is_abstained and not self.is_within
        return not self.is_within or (self.case.audited is not None and not self.is_within_audited)


def evaluate_calculators(
    cases: Sequence[Case], answer: Callable[[Case], Outcome], *, track: Track = untracked
) -> Figures:
    """Return how often the result is right, by the original and by the auditors, and each difference."""
    latency, judged = Latency(), []
    for case in track(cases, "Calculating"):
        with latency.measured():
            outcome = answer(case)
        judged.append(_Judged(case, outcome))
    return {**_shares(judged), **_abstentions(judged), **_by_calculator(judged), **latency_figures(latency)}


def _shares(judged: Sequence[_Judged]) -> Figures:
    agreed = [each for each in judged if each.case.is_agreed]
    audited = [each for each in judged if each.case.audited is not None]
    unanswerable = [each for each in judged if each.case.is_unanswerable]
    return {
        **_share_of("within_limits", [each.is_within for each in judged]),
        **_share_of("audited_within_limits", [each.is_within for each in agreed]),
        **_share_of("audited_all_within_limits", [each.is_within_audited for each in audited]),
        **_share_of("abstained_on_na", [each.is_abstained for each in unanswerable]),
        "rows": len(judged),
        "rows_agreed": len(agreed),
        "rows_audited": len(audited),
        "rows_na": len(unanswerable),
    }


def _share_of(name: str, holds: Sequence[bool]) -> Figures:
    return {name: share(holds), f"{name}_ci": mean_interval([float(each) for each in holds])}


def _abstentions(judged: Sequence[_Judged]) -> Figures:
    abstained = [each for each in judged if each.is_abstained]
    return {
        "abstained": len(abstained),
        "abstained_on_agreed": sum(each.case.is_agreed for each in abstained),
        "abstained_because": dict(Counter(each.outcome.reason for each in abstained).most_common()),
    }


def _by_calculator(judged: Sequence[_Judged]) -> Figures:
    names = sorted({each.case.calculator for each in judged})
    groups = {name: [each for each in judged if each.case.calculator == name] for name in names}
    return {
        "by_calculator": {name: _of_one(group) for name, group in groups.items()},
        "differences": [_difference(each) for each in judged if each.is_different],
    }


def _of_one(group: Sequence[_Judged]) -> dict[str, Any]:
    agreed = [each.is_within for each in group if each.case.is_agreed]
    return {
        "rows": len(group),
        "within_limits": share(each.is_within for each in group),
        "audited_within_limits": share(agreed),
        "abstained": sum(each.is_abstained for each in group),
    }


def _why(each: _Judged) -> str:
    known = mapped(each.case.calculator)
    if each.is_abstained or known is None:
        return each.outcome.reason
    if computed_from_entities(each.case).value not in (None, each.outcome.value):
        return WE_READ_OTHERWISE
    if each.is_within:
        return known.why_audited or READ_OTHERWISE
    return known.why or UNEXPLAINED


def _difference(each: _Judged) -> dict[str, Any]:
    audited = "N/A" if each.case.is_unanswerable else _written(each.case.audited)
    return {
        "id": each.case.id,
        "calculator": each.case.calculator,
        "ours": _written(each.outcome.value),
        "answer": _written(each.case.answer),
        "audited_answer": audited,
        "why": _why(each),
    }


def _written(answer: Answer | None) -> float | str | None:
    return answer.isoformat() if isinstance(answer, date) else answer
