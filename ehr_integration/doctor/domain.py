"""A finding of the doctor, and all findings of one examination."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# The name of a connection that was made of an address alone.
UNREGISTERED = "not-registered"


class Severity(StrEnum):
    """Whether something works, is worth knowing, may hurt, or does not work."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Area(StrEnum):
    """What was looked at, in the order of the examination."""

    TLS = "tls"
    METADATA = "metadata"
    SMART = "smart-configuration"
    SCOPES = "scopes"
    SEARCHES = "searches"
    CHART = "chart"
    CLOCK = "clock"
    PAGING = "paging"
    SPEED = "speed"
    CDS = "cds-hooks"


@dataclass(frozen=True)
class DoctorFinding:
    """One finding: what was seen, and, where something is to be done, what to tell the EHR team, ready to send."""

    code: str
    severity: Severity
    what: str
    tell: str = ""
    area: Area = field(kw_only=True)


@dataclass(frozen=True, kw_only=True)
class Examination:
    """All findings about one address; times are milliseconds."""

    url: str
    findings: tuple[DoctorFinding, ...]
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    def count(self, severity: Severity) -> int:
        """Return how many findings are of a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def summary(self) -> str:
        """How many findings there are of each severity, in words."""
        return ", ".join(_counted(self.count(severity), severity) for severity in Severity)

    def to_tell(self) -> tuple[str, ...]:
        """Return what the EHR team should know, each text once, in the order of the examination."""
        return tuple(dict.fromkeys(finding.tell for finding in self.findings if finding.tell))


def _counted(number: int, severity: Severity) -> str:
    return f"{number} {severity.value}{'' if number == 1 or severity is Severity.OK else 's'}"
