"""What became of cards. Source: CDS Hooks 2.0.1, "Feedback". Comments and other free text are dropped here, unread."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ehr_integration.cds_hooks.errors import RequestInvalid
from ehr_integration.cds_hooks.invariants import check_feedback
from ehr_integration.cds_hooks.request import check_conforms, document_of
from ehr_integration.chart.reading.elements import child

MOST_ENTRIES = 100
# A code is a word, not a sentence: nobody's words come in this way.
CODE = re.compile(r"[A-Za-z0-9\-._]{1,64}")
SYSTEM = re.compile(r"(?:https?://|urn:)[A-Za-z0-9\-._:/]{1,150}")


@dataclass(frozen=True, kw_only=True)
class CardFeedback:
    """One card's outcome ("accepted" or "overridden"), with the reason's code where one was chosen, else ""."""

    card: UUID
    outcome: str
    accepted_suggestions: tuple[UUID, ...] = ()
    reason_system: str = ""
    reason_code: str = ""
    at: datetime


def read_feedback(body: bytes) -> tuple[CardFeedback, ...]:
    """Return the outcomes that a body tells. Raises: RequestInvalid."""
    document = document_of(body)
    entries = document.get("feedback")
    if isinstance(entries, list) and len(entries) > MOST_ENTRIES:
        raise RequestInvalid("feedback", f"holds more than {MOST_ENTRIES} entries: send them in parts")
    check_conforms(check_feedback(document))
    return tuple(_entry(entry) for entry in document["feedback"])


def _entry(entry: dict[str, Any]) -> CardFeedback:
    reason = child(child(entry, "overrideReason"), "reason")
    return CardFeedback(
        card=UUID(entry["card"]),
        outcome=entry["outcome"],
        accepted_suggestions=tuple(UUID(each["id"]) for each in entry.get("acceptedSuggestions") or ()),
        reason_system=_word(reason.get("system"), SYSTEM),
        reason_code=_word(reason.get("code"), CODE),
        at=datetime.fromisoformat(entry["outcomeTimestamp"].upper()),
    )


def _word(value: object, form: re.Pattern[str]) -> str:
    return value if isinstance(value, str) and form.fullmatch(value) else ""
