"""What may be asked of a model, and what it answers: types for both lanes, whichever backend runs them.

*Bedside* drafts may hold patient data: one at a time, and the engine's memory of each is overwritten.
*Library* drafts hold none: many at a time, sharing what their prompts have in common.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

Role = Literal["system", "user", "assistant"]


class PublicText(str):
    """Words that name no patient: our own, or published ones. Never PHI.

    Formatting or joining gives a plain `str` again, so that whoever mixes in something else has to say anew what
    the result is. An architecture test lists the modules that may say it.
    """

    __slots__ = ()


class PatientText(str):
    """Words that may name a patient: a question at the bedside, a line of a chart. PHI."""

    __slots__ = ()


class Lane(StrEnum):
    """Where a draft is written; the order is the priority."""

    BEDSIDE = "bedside"
    LIBRARY = "library"


class Overlength(StrEnum):
    """What happens to a prompt that leaves no room for the answer. Nothing is ever cut without being reported."""

    REFUSE = "refuse"
    # The end of the last message goes, whole tokens at a time; `Usage.cut_tokens` says how many.
    CUT_LAST_MESSAGE = "cut-last-message"


class Refusal(StrEnum):
    """Why there is no draft."""

    BUSY = "busy"
    TIMEOUT = "timeout"
    PROMPT_TOO_LONG = "prompt-too-long"
    SCHEMA_UNUSABLE = "schema-unusable"
    SCHEMA_VIOLATED = "schema-violated"
    HOSTILE_TEXT = "hostile-text"
    MALFORMED = "malformed"
    STOPPING = "stopping"
    FAILED = "failed"


@dataclass(frozen=True)
class Message:
    """One turn of a prompt. `content` is data: it can never become a control token."""

    role: Role
    content: PublicText | PatientText


@dataclass(frozen=True)
class PublicMessage(Message):
    """One turn of a prompt that names no patient."""

    content: PublicText

    def __post_init__(self) -> None:
        if not isinstance(self.content, PublicText):
            raise TypeError("The content of a public message must be PublicText")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much, how long, and how a draft is written. Temperature 0 takes the likeliest token each time."""

    max_tokens: int
    deadline_seconds: float
    overlength: Overlength = Overlength.REFUSE
    temperature: float = 0.0
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class BedsideDraft:
    """A draft that may hold patient data. `fixed` comes first, is the same for every patient, and may be kept."""

    fixed: tuple[PublicMessage, ...] = ()
    messages: tuple[Message, ...]
    limits: Limits
    schema: dict[str, Any] | None = None
    specialty: str = "general"

    def __post_init__(self) -> None:
        _check_public(self.fixed)


@dataclass(frozen=True, kw_only=True)
class LibraryDraft:
    """A draft without patient data, written together with others."""

    messages: tuple[PublicMessage, ...]
    limits: Limits
    schema: dict[str, Any] | None = None
    specialty: str = "general"

    def __post_init__(self) -> None:
        _check_public(self.messages)


Draft = BedsideDraft | LibraryDraft


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a finished draft took. `reused_tokens` of the prompt came from a snapshot or from a neighbour."""

    prompt_tokens: int = 0
    reused_tokens: int = 0
    cut_tokens: int = 0
    written_tokens: int = 0
    seconds_waiting: float = 0.0
    seconds_to_first_token: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class EngineInfo:
    """Which model writes: its registered id, and the file and fingerprint (`RegisteredModel`) where they are known."""

    model_id: str
    file: str
    sha256: str


def lane_of(draft: Draft) -> Lane:
    """Return the lane that the draft's type asks for."""
    return Lane.BEDSIDE if isinstance(draft, BedsideDraft) else Lane.LIBRARY


def _check_public(messages: Sequence[Message]) -> None:
    if not all(isinstance(message, PublicMessage) for message in messages):
        raise TypeError("Only public messages may be shared between requests")
