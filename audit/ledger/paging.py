"""Pages through events: from a place on, so that what is appended meanwhile moves nothing."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Q

from audit.balp.codes import DATA_ABSENT_REASON
from audit.balp.placeholder import PATIENT, PLACEHOLDER
from audit.ledger.reading import Opened, Query, find, opened


class Place(NamedTuple):
    """Where an event stands in the order of time."""

    recorded_at: datetime
    number: int


@dataclass(frozen=True)
class Page:
    """AuditEvents as FHIR JSON, and the place of the last one where more follow."""

    documents: list[dict[str, Any]]
    last: Place | None


def read_page(query: Query, *, limit: int, is_newest_first: bool, after: Place | None = None) -> Page:
    """Return at most `limit` events after the place. PHI. Raises: EntryUnreadable, KeyMissing, KeysError."""
    entries = find(query)
    if is_newest_first:
        entries = entries.order_by("-recorded_at", "-id")
    if after is not None:
        side = "lt" if is_newest_first else "gt"
        beyond = Q(**{f"recorded_at__{side}": after.recorded_at})
        entries = entries.filter(beyond | Q(recorded_at=after.recorded_at, **{f"id__{side}": after.number}))
    # One more than asked for tells whether more follow.
    found = list(entries[: limit + 1])
    shown = list(islice(opened(found[:limit]), limit))
    last = Place(found[limit - 1].recorded_at, found[limit - 1].id) if len(found) > limit else None
    return Page([shown_document(each) for each in shown], last)


def shown_document(each: Opened) -> dict[str, Any]:
    """Return the AuditEvent; a patient who was taken out of the record is said to be masked.

    Source: HL7 data-absent-reason.
    """
    if not each.is_shredded:
        return each.document
    masked = {
        "_reference": {"extension": [{"url": DATA_ABSENT_REASON, "valueCode": "masked"}]},
    }
    entities = [
        entity | {"what": masked} if _is_shredded(entity.get("what", {})) else entity
        for entity in each.document.get("entity", [])
    ]
    return each.document | {"entity": entities}


def _is_shredded(what: dict[str, Any]) -> bool:
    return str(what.get("reference", "")).startswith(f"{PATIENT}{PLACEHOLDER}")
