"""Whether our calculators come to the number of MedCalc-Bench, from its entities or from the note alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinical.calculators.errors import CalculatorError, InputMissing
from clinical.calculators.notes.extracting import inputs_from_note
from clinical.calculators.registry import AnyCalculator
from clinical.evaluation.data.medcalc import Answer, Problem
from clinical.evaluation.medcalc.entities import inputs_of
from clinical.evaluation.medcalc.mapping import Entry, entry_of
from clinical.evaluation.metrics.bootstrap import mean_interval
from clinical.evaluation.metrics.latency import Latency
from clinical.evaluation.suites.figures import Figures, latency_figures, share
from clinical.evaluation.suites.tracking import Track, untracked

UNMAPPED = "we have no such calculator"
UNEXPLAINED = "unexplained"

Solver = Callable[[Problem, Entry, AnyCalculator], Answer]


@dataclass(frozen=True, kw_only=True)
class Solved:
    """A problem and what we make of it: None where we abstain, for the reason in `why`."""

    problem: Problem
    ours: Answer | None
    why: str = ""

    @property
    def is_within(self) -> bool:
        """Whether it lies within the data set's limits."""
        return self.problem.limits.hold(self.ours)

    @property
    def is_within_audited(self) -> bool:
        """Whether it lies within the audit's limits."""
        limits = self.problem.audited_limits
        return limits is not None and limits.hold(self.ours)

    @property
    def is_different(self) -> bool:
        """Whether it is not what the audit says or, where there was none, the data set."""
        if self.problem.is_unanswerable:
            return self.ours is not None
        return not (self.is_within_audited if self.problem.audited_limits else self.is_within)


def from_entities(problem: Problem, entry: Entry, calculator: AnyCalculator) -> Answer:
    """Return the number from what the problem lists. Raises: CalculatorError."""
    found: Answer = calculator(**inputs_of(calculator, problem.entities))
    return found


def from_note(problem: Problem, entry: Entry, calculator: AnyCalculator) -> Answer:
    """Return the number from the note alone. Raises: CalculatorError."""
    extraction = inputs_from_note(calculator, problem.note)
    if extraction.missing:
        raise InputMissing(extraction.missing, extraction.missing)
    found: Answer = calculator(**extraction.values)
    return found


def evaluate_calculators(
    problems: Sequence[Problem], solve: Solver = from_entities, *, track: Track = untracked
) -> Figures:
    """Return how often the number lies within the limits, how often we abstain where one must, and what differs."""
    latency = Latency()
    solved = [_solved(each, solve, latency) for each in track(problems, "Calculating")]
    agreed = [each.is_within for each in solved if each.problem.audited is not None and each.problem.is_agreed]
    unanswerable = [each.ours is None for each in solved if each.problem.is_unanswerable]
    audited = [each.is_within_audited for each in solved if each.problem.audited is not None]
    return {
        "rows": len(solved),
        **_share("within_limits", (each.is_within for each in solved)),
        **_share("audited_within_limits", agreed),
        **_share("audited_all_within_limits", audited),
        **_share("abstained_on_na", unanswerable),
        "audited_rows": len(agreed),
        "na_rows": len(unanswerable),
        "abstained": sum(each.ours is None for each in solved),
        "unmapped": sum(each.why == UNMAPPED for each in solved),
        "by_calculator": _by_calculator(solved),
        "differences": [_difference(each) for each in solved if each.is_different],
        **latency_figures(latency),
    }


def _solved(problem: Problem, solve: Solver, latency: Latency) -> Solved:
    known = entry_of(problem.calculator)
    if known is None:
        return Solved(problem=problem, ours=None, why=UNMAPPED)
    try:
        with latency.measured():
            ours = solve(problem, *known)
    except CalculatorError as refused:
        return Solved(problem=problem, ours=None, why=f"abstained: {refused}")
    return Solved(problem=problem, ours=ours, why=known[0].decides)


def _share(name: str, holds: Iterable[bool]) -> Figures:
    found = list(holds)
    return {name: share(found), f"{name}_ci": mean_interval([float(each) for each in found])}


def _by_calculator(solved: Sequence[Solved]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for each in solved:
        told = {"rows": True, "within_limits": each.is_within, "abstained": each.ours is None}
        counts.setdefault(each.problem.calculator, Counter()).update(
            {name: int(holds) for name, holds in told.items()}
        )
    return {name: dict(counts[name]) for name in sorted(counts)}


def _difference(solved: Solved) -> dict[str, Any]:
    problem = solved.problem
    return {
        "id": problem.id,
        "calculator": problem.calculator,
        "ours": _written(solved.ours),
        "answer": _written(problem.answer),
        "audited_answer": "N/A" if problem.is_unanswerable else _written(problem.audited),
        "why": solved.why or UNEXPLAINED,
    }


def _written(value: Answer | None) -> str | float | None:
    return value.isoformat() if isinstance(value, date) else value
