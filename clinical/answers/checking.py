"""A passage becomes a claim: the model's words where the passage supports them, else the passage's own."""

from dataclasses import dataclass

from clinical.answers.domain import Claim, DraftedBy
from clinical.answers.drafting import draft_statement
from clinical.answers.wording import in_context
from clinical.evidence.domain import Passage
from clinical.evidence.support import check_support
from clinical.inference.client import Engine


@dataclass(frozen=True, kw_only=True)
class CheckedClaim:
    """A claim that its passage supports, and whether a drafted statement was dropped for it."""

    claim: Claim
    was_dropped: bool


def checked_claim(
    engine: Engine, *, question: str, passage: Passage, number: int, deadline_seconds: float
) -> CheckedClaim:
    """Draft a statement of the passage and check it; where it does not hold, quote the passage. Raises: EngineError."""
    statement = draft_statement(
        engine, question=question, passage=passage, number=number, deadline_seconds=deadline_seconds
    )
    is_supported = statement is not None and check_support(statement, passage).is_supported
    claim = Claim(
        text=in_context(statement if is_supported and statement else passage.quote, passage),
        drafted_by=DraftedBy.MODEL if is_supported else DraftedBy.SOURCE,
        citations=(passage,),
    )
    return CheckedClaim(claim=claim, was_dropped=not is_supported)
