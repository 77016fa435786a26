"""What a probe found: each check with its outcome, the evidence in words, and what would mend it."""

from dataclasses import dataclass
from enum import StrEnum

from clinical.inference.remote.request import ServerFacts


class Outcome(StrEnum):
    """How a check ended. `UNKNOWN` could not be decided, and counts as failed."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check of a server. `fix` is empty where it passed."""

    name: str
    outcome: Outcome
    evidence: str
    fix: str = ""


@dataclass(frozen=True, kw_only=True)
class ProbeReport:
    """What is known of a server, and every check of it in the order they were made."""

    address: str
    model_id: str
    server: ServerFacts
    checks: tuple[Check, ...]

    @property
    def failures(self) -> tuple[Check, ...]:
        """Every check that did not pass."""
        return tuple(check for check in self.checks if check.outcome is not Outcome.PASSED)

    @property
    def is_safe(self) -> bool:
        """Whether every check passed."""
        return not self.failures

    def __str__(self) -> str:
        """Return the report for a person, one check a line."""
        lines = [f"{check.outcome:8}{check.name}: {check.evidence}" for check in self.checks]
        return "\n".join([f"{self.address}, model {self.model_id}, {self.server.kind}", *lines])


def passed(name: str, evidence: str) -> Check:
    """Return a check that passed."""
    return Check(name=name, outcome=Outcome.PASSED, evidence=evidence)


def failed(name: str, evidence: str, fix: str) -> Check:
    """Return a check that failed."""
    return Check(name=name, outcome=Outcome.FAILED, evidence=evidence, fix=fix)


def unknown(name: str, evidence: str, fix: str) -> Check:
    """Return a check that could not be decided."""
    return Check(name=name, outcome=Outcome.UNKNOWN, evidence=evidence, fix=fix)
