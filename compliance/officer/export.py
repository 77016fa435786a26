"""The audit record as the officer takes it away: NDJSON, or CSV that a spreadsheet cannot run."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from audit.domain import RecordedEvent
from audit.services import newest_recorded, recorded_since
from compliance.access.domain import Action, Actor
from compliance.access.services import authorize_use

COLUMNS = (
    "id",
    "recorded_at",
    "actor",
    "role",
    "action",
    "patient_id",
    "purpose",
    "outcome",
    "reason",
    "detail",
)
# A cell that starts like this is a formula to a spreadsheet (CWE-1236).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How the record is written down."""

    NDJSON = "ndjson"
    CSV = "csv"


def export_events(
    actor: Actor, *, since: datetime, until: datetime | None = None, export_format: Format
) -> Iterator[str]:
    """Yield the events as lines, oldest first; the export itself was recorded before this returns.

    Raises: AccessDenied (recorded first), AuditUnavailable.
    """
    detail = {"since": since.isoformat(), "format": export_format.value}
    authorize_use(actor, action=Action.EXPORT_AUDIT, detail=detail)
    events = recorded_since(since, until)
    return _ndjson(events) if export_format is Format.NDJSON else _csv(events)


def newest_events(actor: Actor, *, since: datetime, until: datetime, limit: int) -> list[RecordedEvent]:
    """Return the newest events, newest first; the look itself was recorded before.

    Raises: AccessDenied (recorded first), AuditUnavailable.
    """
    authorize_use(actor, action=Action.READ_AUDIT, detail={"since": since.isoformat()})
    return newest_recorded(since, until, limit=limit)


def _ndjson(events: Iterator[RecordedEvent]) -> Iterator[str]:
    for recorded in events:
        yield json.dumps(event_row(recorded)) + "\n"


def _csv(events: Iterator[RecordedEvent]) -> Iterator[str]:
    yield _csv_line(COLUMNS)
    for recorded in events:
        row = event_row(recorded)
        row["detail"] = json.dumps(row["detail"])
        yield _csv_line([_harmless(str(row[column])) for column in COLUMNS])


def event_row(recorded: RecordedEvent) -> dict[str, object]:
    """One event as a flat mapping in the order of COLUMNS."""
    event = recorded.event
    return {
        "id": str(recorded.id),
        "recorded_at": recorded.recorded_at.isoformat(),
        "actor": event.actor,
        "role": event.role,
        "action": event.action,
        "patient_id": event.patient_id,
        "purpose": event.purpose,
        "outcome": event.outcome.value,
        "reason": event.reason,
        "detail": dict(event.detail),
    }


def _csv_line(cells: tuple[str, ...] | list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
