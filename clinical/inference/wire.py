"""What is said over the engine's socket: one JSON request, then JSON replies, each on a line of its own.

Requests: {"op": "info"}, {"op": "metrics"}, {"op": "write", "lane": ..., "draft": {...}}.
Replies to a draft: {"piece": text as Latin-1}, then {"done": usage} or {"refused": reason, "retry_after": seconds}.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from clinical.inference.domain import (
    BedsideDraft,
    Draft,
    Lane,
    LibraryDraft,
    Limits,
    Message,
    Overlength,
    PatientText,
    PublicMessage,
    PublicText,
    lane_of,
)

LARGEST_LINE_BYTES = 1024 * 1024
MESSAGES_AT_MOST = 64
TOKENS_AT_MOST = 8192
SECONDS_AT_MOST = 600
SPECIALTY = re.compile(r"[a-z][a-z-]{0,31}")
ROLES = ("system", "user", "assistant")


def encoded(value: Mapping[str, Any]) -> bytes:
    """Return one line."""
    return json.dumps(value).encode() + b"\n"


def write_request(draft: Draft) -> bytes:
    """Return the line that asks for a draft."""
    return encoded({"op": "write", "lane": lane_of(draft), "draft": asdict(draft)})


def draft_of(request: Mapping[str, Any]) -> Draft:
    """Return the draft that the request asks for. Raises: ValueError, KeyError or TypeError where it is malformed."""
    data = request["draft"]
    limits, schema, specialty = _limits(data["limits"]), data["schema"], data["specialty"]
    if not (schema is None or isinstance(schema, dict)) or not SPECIALTY.fullmatch(specialty):
        raise ValueError("schema or specialty")
    if not 0 < len(data["messages"]) <= MESSAGES_AT_MOST:
        raise ValueError("messages")
    if Lane(request["lane"]) is Lane.LIBRARY:
        public = tuple(map(_public, data["messages"]))
        return LibraryDraft(messages=public, limits=limits, schema=schema, specialty=specialty)
    return BedsideDraft(
        fixed=tuple(map(_public, data["fixed"])),
        messages=tuple(Message(_role(turn), PatientText(_text(turn))) for turn in data["messages"]),
        limits=limits,
        schema=schema,
        specialty=specialty,
    )


def _limits(data: Mapping[str, Any]) -> Limits:
    limits = Limits(**{**data, "overlength": Overlength(data["overlength"])})
    if not (0 < limits.max_tokens <= TOKENS_AT_MOST and 0 < limits.deadline_seconds <= SECONDS_AT_MOST):
        raise ValueError("limits")
    if not (0 <= limits.temperature <= 2 and 0 <= limits.seed < 2**32):
        raise ValueError("limits")
    return limits


def _public(turn: Mapping[str, Any]) -> PublicMessage:
    return PublicMessage(_role(turn), PublicText(_text(turn)))


def _role(turn: Mapping[str, Any]) -> Any:  # noqa: ANN401 - one of the roles, checked here
    if turn["role"] not in ROLES:
        raise ValueError("role")
    return turn["role"]


def _text(turn: Mapping[str, Any]) -> str:
    if not isinstance(turn["content"], str):
        raise TypeError("content")
    return turn["content"]
