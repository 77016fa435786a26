"""Proves that a saved answer is the one that was given: its commitment stands in the audit record, and no content."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from audit.domain import RecordedEvent
from audit.services import BEGINNING_OF_TIME, Query, ledger_place, recorded_matching
from clinical.answers.receipts.commitment import commitment_of
from clinical.answers.receipts.domain import Given, Outcome, SavedAnswer, Verification
from clinical.answers.receipts.reading import question_in, saved_answer
from compliance.access.domain import Action, Actor
from compliance.access.services import may, recorded_use

# A receipt's id (UUID version 7) tells when it was made; the event is recorded in the same breath.
AROUND = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNKNOWN = (
    "The record holds no answer with this receipt: it was not given here, was purged after its retention, or (for a "
    "clinician) was given to another account."
)


def verify_receipt(actor: Actor, document: object, *, question: str = "") -> Verification:
    """Return whether a saved answer is the one that was given; the look into the record is recorded first.

    An officer verifies every answer, a clinician their own. Raises: AccessDenied (recorded first), AuditError,
    KeysError.
    """
    saved = saved_answer(document, question=question)
    detail = {"receipt_id": str(saved.receipt_id)} if isinstance(saved, SavedAnswer) else {}
    with recorded_use(actor, action=Action.VERIFY_RECEIPT, detail=detail):
        if isinstance(saved, Verification):
            return saved
        answered = _event_of(actor, saved.receipt_id)
        if answered is None:
            return Verification(
                outcome=Outcome.UNKNOWN_RECEIPT, message=UNKNOWN, receipt_id=str(saved.receipt_id)
            )
        return _compared(saved, answered)


def _event_of(actor: Actor, receipt_id: UUID) -> RecordedEvent | None:
    """Return the event of the answer, where the actor may know of it: whoever may not read the record, of their own."""
    try:
        made_at = EPOCH + timedelta(milliseconds=receipt_id.int >> 80)
        since, until = max(made_at - AROUND, BEGINNING_OF_TIME), made_at + AROUND
    except OverflowError:
        return None
    whose = {} if may(actor, Action.READ_AUDIT) else {"user": actor.username}
    found = recorded_matching(Query(since=since, until=until, actions=frozenset({"answer"}), values=whose))
    return next((each for each in found if each.event.detail.get("receipt_id") == str(receipt_id)), None)


def _compared(saved: SavedAnswer, answered: RecordedEvent) -> Verification:
    recorded = answered.event.detail["commitment"]
    computed = commitment_of(saved.document, saved.question, saved.salt, receipt_format=saved.receipt_format)
    change = _change(saved, computed=computed, recorded=str(recorded))
    return Verification(
        outcome=Outcome.ALTERED if change else Outcome.GENUINE,
        message=change or "This is the answer that was given, to this question.",
        receipt_id=str(saved.receipt_id),
        differs=() if computed == recorded else _differing(saved.document, answered.event.detail),
        given=_given(answered),
    )


def _change(saved: SavedAnswer, *, computed: str, recorded: str) -> str:
    """Say how the file cannot be what was given; empty where it is."""
    in_file = question_in(saved.document)
    if "question" in saved.document and in_file != saved.question:
        return "The question given is not the one in the file: one of them is not what was asked."
    if computed == recorded:
        is_kept = saved.commitment == recorded
        return (
            ""
            if is_kept
            else ("Question and answer are those that were given; the commitment in the file is not.")
        )
    if saved.commitment == recorded:
        return (
            "The commitment is the one that was given; question, answer or salt is not what it was made from. "
            "Which of them was changed, a commitment cannot tell."
        )
    if saved.commitment == computed:
        return (
            "The file agrees with itself and not with the record: its commitment was made anew for it, or "
            "the receipt id is another answer's."
        )
    return "Neither the commitment nor what it should cover is what was given."


def _differing(document: Mapping[str, object], recorded: Mapping[str, object]) -> tuple[str, ...]:
    """Return the keys about which the record, which knows counts and codes alone, says something else."""
    claims = document.get("claims")
    told = {
        "status": (document.get("status"), recorded.get("answer_status")),
        "claims": (len(claims) if isinstance(claims, list) else None, recorded.get("claims")),
        "dropped_claims": (document.get("dropped_claims"), recorded.get("dropped_claims")),
        "model": (document.get("model"), recorded.get("model")),
        "prompt_version": (document.get("prompt_version"), recorded.get("prompt_version")),
    }
    return tuple(key for key, (saved, known) in told.items() if saved != known)


def _given(answered: RecordedEvent) -> Given:
    event = answered.event
    return Given(
        at=answered.recorded_at,
        by=event.actor,
        role=event.role,
        purpose=event.purpose,
        model=_text(event.detail.get("model")),
        prompt_version=_text(event.detail.get("prompt_version")),
        event_id=answered.id,
        place=ledger_place(answered.id),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
