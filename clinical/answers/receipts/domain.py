"""What comes out of a verification: one of six outcomes, and what the record says of the answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from audit.domain import LedgerPlace

PROVES = (
    "A genuine receipt proves that question and answer are, to the character, what Tacit gave to that account at that "
    "time; it does not prove that the answer was right, that anyone read it or acted on it, or which patient it was about."
)


class Outcome(StrEnum):
    """Whether the saved answer is the one that was given; only `genuine` says so."""

    GENUINE = "genuine"
    ALTERED = "altered"
    UNKNOWN_RECEIPT = "unknown_receipt"
    NOT_A_RECEIPT = "not_a_receipt"
    UNKNOWN_VERSION = "unknown_version"
    QUESTION_MISSING = "question_missing"


@dataclass(frozen=True, kw_only=True)
class SavedAnswer:
    """A saved answer with its receipt, as far as it can be read without the record. PHI."""

    document: dict[str, object]
    question: str
    receipt_id: UUID
    receipt_format: str
    salt: bytes
    commitment: str


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the record says of the answer with this receipt; no content. `place` is None until it is sealed."""

    at: datetime
    by: str
    role: str
    purpose: str
    model: str | None
    prompt_version: str | None
    event_id: UUID
    place: LedgerPlace | None


@dataclass(frozen=True, kw_only=True)
class Verification:
    """The outcome in words, without a word of question or answer.

    `differs` names what the record knows of the answer and the file says otherwise.
    """

    outcome: Outcome
    message: str
    receipt_id: str = ""
    differs: tuple[str, ...] = ()
    given: Given | None = None

    @property
    def is_genuine(self) -> bool:
        """Whether the saved answer is proved to be the one that was given."""
        return self.outcome is Outcome.GENUINE
