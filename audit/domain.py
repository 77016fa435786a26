"""The shape of an audit event: who did what to whose record, when, why and with what outcome; no content."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from audit.client import current_client


class Outcome(StrEnum):
    """How the act ended."""

    SUCCESS = "success"
    DENIED = "denied"
    FAILED = "failed"


# Ids, hashes, counts and codes; a key that is not listed here is refused, so no text slips in unnoticed. `query` is the one
# text: what left for NCBI, which the egress guard let go because it tells of nobody.
DETAIL_KEYS = frozenset(
    {
        "answer_status",
        "approved_by",
        "cards",
        "claims",
        "commitment",
        "dropped_claims",
        "ehr",
        "events",
        "export_id",
        "filters",
        "format",
        "hook",
        "host",
        "job_id",
        "justification",
        "key_id",
        "model",
        "patients",
        "prompt_version",
        "query",
        "receipt_id",
        "root",
        "rules",
        "sha256",
        "since",
        "size",
        "source_ids",
        "tool",
        "until",
    }
)


@dataclass(frozen=True, kw_only=True)
class Event:
    """What is appended. `reason` is a code ("no-care-relationship"), never a sentence about a patient.

    `client` is the application through which it was done.
    """

    action: str
    outcome: Outcome
    actor: str
    role: str
    patient_id: str = ""
    purpose: str = ""
    reason: str = ""
    client: str = field(default_factory=current_client)
    detail: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError for a detail that is not on the list."""
        if unknown := set(self.detail) - DETAIL_KEYS:
            raise ValueError(f"Not audit details: {sorted(unknown)}")


@dataclass(frozen=True, kw_only=True)
class RecordedEvent:
    """An event as the record holds it."""

    id: UUID
    recorded_at: datetime
    event: Event


@dataclass(frozen=True, kw_only=True)
class LedgerPlace:
    """Where an event stands in the ledger, from 0, and the first checkpoint whose tree was shown to hold it."""

    position: int
    checkpoint_size: int
    checkpoint_root: str
    checkpoint_at: datetime


def new_event_id() -> UUID:
    """Return a UUID version 7 with sub-millisecond order. Source: RFC 9562, sections 5.7 and 6.2 (method 3)."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    version, variant = 0x7, 0x2
    return UUID(
        int=milliseconds << 80 | version << 76 | fraction << 64 | variant << 62 | secrets.randbits(62)
    )
