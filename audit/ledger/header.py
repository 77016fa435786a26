"""What an entry shows without a key: when, of which kind, how it ended. No person."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

VERSION = 1


def event_header(values: Mapping[str, Any], now: datetime) -> dict[str, object]:
    """Return the header of an event from its search values."""
    return header("event", now) | {
        "outcome": values["outcome"],
        "emergency": values["emergency"],
    }


def header(kind: str, now: datetime, **more: str | int) -> dict[str, object]:
    """Return the header of an entry of a kind: event, heartbeat, restore or purge."""
    return {
        "v": VERSION,
        "tenant": settings.TACIT_AUDIT_TENANT,
        "kind": kind,
        "recorded": timestamp(now),
        **more,
    }


def timestamp(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
