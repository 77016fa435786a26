"""A passage becomes a claim: the model's words where the passage supports them, else the passage's own."""

from dataclasses import dataclass

from clinical.answers.domain import Claim, DraftedBy
from clinical.answers.statements.drafting import NO_GUIDANCE, Guidance, Question, draft_statement
from clinical.answers.statements.faithful import is_faithful, turns_label_into_subject
from clinical.answers.statements.wording import in_context
from clinical.evidence.checking import Check, Reason, Verdict, check
from clinical.evidence.domain import Passage
from clinical.inference.client import Engine


@dataclass(frozen=True, kw_only=True)
class CheckedClaim:
    """A claim that its passage supports, and whether a drafted statement was dropped for it."""

    claim: Claim
    was_dropped: bool


def checked_claim(
    engine: Engine,
    *,
    question: Question,
    passage: Passage,
    number: int,
    deadline_seconds: float,
    guidance: Guidance = NO_GUIDANCE,
) -> CheckedClaim:
    """Draft a statement of the passage and check it; where it does not hold, quote the passage.

    Without time left nothing is drafted. Raises: EngineUnavailable, EngineBusy.
    """
    if deadline_seconds <= 0:
        return CheckedClaim(claim=quoted_claim(passage), was_dropped=False)
    drafted = draft_statement(
        engine,
        question=question,
        passage=passage,
        number=number,
        deadline_seconds=deadline_seconds,
        guidance=guidance,
    )
    # A part of a statement may be true and still not be what the model went on to say.
    if drafted is not None and drafted.is_whole:
        found = check(drafted.statement, (passage,))
        if found.is_supported and _may_stand(drafted.statement, passage, found):
            claim = _claim(drafted.statement, passage, DraftedBy.MODEL, found)
            return CheckedClaim(claim=claim, was_dropped=False)
    return CheckedClaim(claim=quoted_claim(passage), was_dropped=drafted is not None)


def _may_stand(statement: str, passage: Passage, found: Check) -> bool:
    """Whether a statement that the checker supports also does nothing to its passage that a draft may not."""
    if turns_label_into_subject(statement, passage):
        return False
    return found.reason is Reason.RESTATED or is_faithful(statement, passage)


def quoted_claim(passage: Passage) -> Claim:
    """Return the passage's own words as a claim."""
    verbatim = Check(
        verdict=Verdict.SUPPORTED,
        passage=passage,
        quote=passage.quote,
        reason=Reason.RESTATED,
        confidence=1.0,
    )
    return _claim(passage.quote, passage, DraftedBy.SOURCE, verbatim)


def _claim(statement: str, passage: Passage, drafted_by: DraftedBy, found: Check) -> Claim:
    return Claim(
        text=in_context(statement, passage), drafted_by=drafted_by, citations=(passage,), check=found
    )
