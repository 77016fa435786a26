"""A verification as JSON: the same for the API and the command."""

from typing import Any

from audit.domain import LedgerPlace
from clinical.answers.receipts.domain import PROVES, Given, Verification


def verification_document(verification: Verification) -> dict[str, Any]:
    """Return the outcome and what the record says; nothing of question or answer."""
    return {
        "outcome": verification.outcome.value,
        "message": verification.message,
        "proves": PROVES,
        "receipt_id": verification.receipt_id or None,
        "differs": list(verification.differs),
        "given": _given(verification.given) if verification.given else None,
    }


def _given(given: Given) -> dict[str, Any]:
    return {
        "at": given.at.isoformat(),
        "by": given.by,
        "role": given.role,
        "purpose": given.purpose,
        "model": given.model,
        "prompt_version": given.prompt_version,
        "event_id": str(given.event_id),
        "ledger": _place(given.place) if given.place else None,
    }


def _place(place: LedgerPlace) -> dict[str, Any]:
    return {
        "position": place.position,
        "checkpoint_size": place.checkpoint_size,
        "checkpoint_root": place.checkpoint_root,
        "checkpoint_at": place.checkpoint_at.isoformat(),
    }
