"""A passage becomes a claim: the model's words where the passage supports them, else the passage's own."""

from dataclasses import dataclass

from clinical.answers.domain import Claim, DraftedBy
from clinical.answers.drafting import Question, draft_statement
from clinical.answers.wording import in_context
from clinical.evidence.checking import check
from clinical.evidence.domain import Passage
from clinical.inference.client import Engine


@dataclass(frozen=True, kw_only=True)
class CheckedClaim:
    """A claim that its passage supports, and whether a drafted statement was dropped for it."""

    claim: Claim
    was_dropped: bool


def checked_claim(
    engine: Engine, *, question: Question, passage: Passage, number: int, deadline_seconds: float
) -> CheckedClaim:
    """Draft a statement of the passage and check it; where it does not hold, quote the passage.

    Without time left nothing is drafted. Raises: EngineUnavailable, EngineBusy.
    """
    drafted = None
    if deadline_seconds > 0:
        drafted = draft_statement(
            engine, question=question, passage=passage, number=number, deadline_seconds=deadline_seconds
        )
    # A part of a statement may be true and still not be what the model went on to say.
    if drafted is not None and drafted.is_whole and check(drafted.statement, (passage,)).is_supported:
        return CheckedClaim(claim=_claim(drafted.statement, passage, DraftedBy.MODEL), was_dropped=False)
    return CheckedClaim(
        claim=_claim(passage.quote, passage, DraftedBy.SOURCE), was_dropped=drafted is not None
    )


def _claim(statement: str, passage: Passage, drafted_by: DraftedBy) -> Claim:
    return Claim(text=in_context(statement, passage), drafted_by=drafted_by, citations=(passage,))
