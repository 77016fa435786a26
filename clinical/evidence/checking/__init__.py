"""Whether passages of the literature support a claim, and what a trial found."""

from clinical.evidence.checking.checker import check, decide, direction
from clinical.evidence.checking.domain import Answer, Check, Decision, Direction, Reason, TrialResult, Verdict

__all__ = [
    "Answer",
    "Check",
    "Decision",
    "Direction",
    "Reason",
    "TrialResult",
    "Verdict",
    "check",
    "decide",
    "direction",
]
