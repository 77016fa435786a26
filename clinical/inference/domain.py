"""What is said over the engine's socket: one JSON request, then JSON replies, each on a line of its own."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypedDict

LARGEST_LINE_BYTES = 256 * 1024


class Refusal(StrEnum):
    """Why the engine gave no draft."""

    BUSY = "busy"
    TIMEOUT = "timeout"
    PROMPT_TOO_LONG = "prompt-too-long"
    SCHEMA_UNUSABLE = "schema-unusable"
    MALFORMED = "malformed"
    FAILED = "failed"


class Message(TypedDict):
    """One turn of the prompt. `content` is data: it can never become a control token."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What to write: the prompt, the JSON schema that the text must follow, and the limits."""

    messages: tuple[Message, ...]
    schema: dict[str, Any]
    max_tokens: int
    deadline_seconds: float


@dataclass(frozen=True, kw_only=True)
class EngineInfo:
    """Which weights are loaded: file name and SHA-256 (hex)."""

    file: str
    sha256: str
