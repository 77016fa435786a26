"""Which way a sentence says an outcome went under an intervention, read by rule."""

import re
from dataclasses import dataclass
from functools import cached_property

from clinical.evidence.checking.domain import Direction
from clinical.evidence.checking.rules.content import content_stems
from clinical.evidence.checking.rules.findings import DOWN, UP, Axis, Finding, read_findings
from clinical.evidence.checking.rules.significance import Significance, read_significance
from clinical.evidence.checking.trials.group_numbers import group_names, larger_with

_CLAUSES = re.compile(r";|,? (?:but|whereas|while|although|though|however|despite)\b|\. ")
_VERSUS = re.compile(
    r"\b(?:than|(?:as )?compared (?:with|to)|in comparison (?:with|to)|versus|vs\.?|relative to|over)\b", re.I
)
_COMPARATIVE = re.compile(
    r"\b(?:higher|lower|greater|less|more|fewer|longer|shorter|better|worse|larger|smaller|superior|inferior|faster|slower)\b",
    re.I,
)
# What changed in both groups alike is no difference between them.
_GROUPS_ALIKE = re.compile(
    r"\b(?:no|not|nor|without|n't)\b[^.;]{0,60}\b(?:between|among) (?:the )?(?:\w+ ){0,2}(?:groups|arms|treatments)\b",
    re.I,
)
# Of these less is better.
_UNDESIRED = content_stems(
    "pain symptom symptoms severity anxiety depression depressive stress fatigue disability mortality death bleeding nausea vomiting "
    "events complications infection incidence recurrence relapse risk errors itch pruritus fever cough headache distress dyspnea "
    "weight bmi cholesterol hba1c glucose pressure exacerbations failure insomnia burden impairment loss length duration time cost"
)
_TURN = {Direction.INCREASED: Direction.DECREASED, Direction.DECREASED: Direction.INCREASED}


@dataclass(frozen=True)
class Comparison:
    """What is compared on what."""

    intervention: str
    comparator: str
    outcome: str

    @cached_property
    def outcome_stems(self) -> frozenset[str]:
        """The words of the outcome."""
        return content_stems(self.outcome)

    @cached_property
    def treated(self) -> frozenset[str]:
        """Words that only the intervention has."""
        return group_names(self.intervention) - group_names(self.comparator)

    @cached_property
    def control(self) -> frozenset[str]:
        """Words that only the comparator has, and what a comparator is called."""
        own = group_names(self.comparator) - group_names(self.intervention)
        return own | (content_stems("control placebo") - self.treated)


def read_direction(comparison: Comparison, sentence: str) -> Direction | None:
    """Return the direction that the sentence reports; None where it reports none."""
    clause = _clause_on(comparison, sentence)
    for text in dict.fromkeys((clause, sentence)):
        direction = _read(comparison, text, sentence)
        if direction is not None:
            return direction
    return None


def _clause_on(comparison: Comparison, sentence: str) -> str:
    """Return the clause that names most of the outcome, the first of equals."""
    starts = [0, *(found.start() for found in _CLAUSES.finditer(sentence)), len(sentence)]
    clauses = [sentence[first:last] for first, last in zip(starts, starts[1:], strict=False)]
    return max(clauses, key=lambda clause: len(content_stems(clause) & comparison.outcome_stems))


def _read(comparison: Comparison, text: str, sentence: str) -> Direction | None:
    significance = read_significance(text)
    if significance is Significance.UNSAID:
        significance = read_significance(sentence)
    if significance is Significance.NOT_SIGNIFICANT or _GROUPS_ALIKE.search(sentence):
        return Direction.NO_DIFFERENCE
    direction = _stated(comparison, text)
    if direction is None:
        return _by_numbers(comparison, text) if significance is Significance.SIGNIFICANT else None
    is_turned = _is_about_control(comparison, text) or (
        text != sentence and _is_swapped(comparison, sentence)
    )
    return _TURN.get(direction, direction) if is_turned else direction


def _by_numbers(comparison: Comparison, text: str) -> Direction | None:
    is_larger = larger_with(comparison.treated, comparison.control, text)
    if is_larger is None:
        return None
    return Direction.INCREASED if is_larger else Direction.DECREASED


def _stated(comparison: Comparison, text: str) -> Direction | None:
    """Return the direction of the word nearest to the outcome's words; a word of the outcome itself says none."""
    names = frozenset(comparison.outcome.lower().split())
    findings = [each for each in read_findings(text, names) if each.axis is not Axis.EFFECT]
    if not findings:
        return None
    nearest = max(findings, key=lambda each: len(each.about & comparison.outcome_stems))
    return _direction_of(nearest, comparison)


def _direction_of(finding: Finding, comparison: Comparison) -> Direction | None:
    if finding.states not in (UP, DOWN):
        return Direction.NO_DIFFERENCE
    is_up = finding.states == UP
    if finding.axis is Axis.QUALITY and comparison.outcome_stems & _UNDESIRED:
        is_up = not is_up
    return Direction.INCREASED if is_up else Direction.DECREASED


def _is_about_control(comparison: Comparison, text: str) -> bool:
    """Whether the sentence tells what the comparator did: "higher in the placebo group", "more with A than with B"."""
    if _VERSUS.search(text):
        return _is_swapped(comparison, text)
    words = content_stems(text)
    return bool(_COMPARATIVE.search(text) and words & comparison.control and not words & comparison.treated)


def _is_swapped(comparison: Comparison, text: str) -> bool:
    """Whether the comparator stands before "than" and the intervention after it."""
    found = _VERSUS.search(text)
    if not found:
        return False
    before, after = content_stems(text[: found.start()]), content_stems(text[found.end() :])
    straight = len(before & comparison.treated) + len(after & comparison.control)
    crossed = len(before & comparison.control) + len(after & comparison.treated)
    return crossed > straight
