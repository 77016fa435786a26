"""What an export holds, and where it stands."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class ExportStatus(StrEnum):
    """Where an export stands."""

    WAITING = "waiting_for_approval"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ExportFormat(StrEnum):
    """What a package holds beside its proof: one form of the events, or all."""

    NDJSON = "ndjson"
    CSV = "csv"
    BUNDLE = "bundle"
    PDF = "pdf"
    PACKAGE = "package"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which events, in which form, and why. It may name a patient. Times: `since` <= recorded < `until`.

    `held_sizes` are those of checkpoints that the auditor holds: the package proves that the record continues them.
    """

    since: datetime
    until: datetime
    export_format: ExportFormat
    justification: str
    patient: str = ""
    user: str = ""
    client: str = ""
    purpose: str = ""
    action: str = ""
    outcomes: tuple[str, ...] = ()
    emergency: bool | None = None
    held_sizes: tuple[int, ...] = ()

    @property
    def equalities(self) -> dict[str, str]:
        """The filters that compare with one value."""
        values = {
            "patient": self.patient,
            "user": self.user,
            "client": self.client,
            "purpose": self.purpose,
            "action": self.action,
        }
        return {name: value for name, value in values.items() if value}

    @property
    def filters(self) -> list[str]:
        """The names of the filters, without their values."""
        more = [("outcome", bool(self.outcomes)), ("emergency", self.emergency is not None)]
        return sorted([*self.equalities, *(name for name, is_given in more if is_given)])

    def to_json(self) -> dict[str, Any]:
        """Return the selection as JSON values."""
        return asdict(self) | {"since": self.since.isoformat(), "until": self.until.isoformat()}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Return the selection that `to_json` wrote."""
        moments = {name: datetime.fromisoformat(document[name]) for name in ("since", "until")}
        kind = ExportFormat(document["export_format"])
        lists = {name: tuple(document[name]) for name in ("outcomes", "held_sizes")}
        return cls(**document | moments | lists | {"export_format": kind})
