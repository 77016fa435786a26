"""A draft as the body of a chat completion request, saying every time that nothing is to be kept."""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from clinical.inference.domain import BedsideDraft, Draft, Message


class ServerKind(StrEnum):
    """Which program serves the model, as far as it tells."""

    LLAMA_SERVER = "llama-server"
    VLLM = "vllm"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class ServerFacts:
    """What the start-up probe learnt: `markers` are control markers of this vocabulary beyond the known ones."""

    kind: ServerKind = ServerKind.OTHER
    context_tokens: int | None = None
    markers: frozenset[str] = field(default_factory=frozenset)


def messages_of(draft: Draft) -> tuple[Message, ...]:
    """Return all messages of a draft in order."""
    return (*draft.fixed, *draft.messages) if isinstance(draft, BedsideDraft) else draft.messages


def request_body(draft: Draft, *, model_id: str, kind: ServerKind) -> dict[str, Any]:
    """Return the JSON body that asks for the draft as a stream, with its token counts."""
    body = {
        "model": model_id,
        "messages": [{"role": m.role, "content": str(m.content)} for m in messages_of(draft)],
        "max_tokens": draft.limits.max_tokens,
        "temperature": draft.limits.temperature,
        "seed": draft.limits.seed,
        "stream": True,
        "stream_options": {"include_usage": True, "continuous_usage_stats": True},
        **keep_nothing(kind),
    }
    if draft.schema is not None:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": draft.schema},
        }
    return body


def keep_nothing(kind: ServerKind) -> dict[str, Any]:
    """Return the fields that ask a server of this kind not to reuse prompts; both sets where it is not known.

    llama-server ignores fields that it does not know. vLLM logs their names (not their values) each time, so it
    gets only its own. A salt is 32 hexadecimal digits: some of vLLM's caches fail on other characters or lengths.
    """
    llama_server = {"cache_prompt": False, "timings_per_token": True}
    vllm = {"cache_salt": secrets.token_hex(16)}
    if kind is ServerKind.LLAMA_SERVER:
        return llama_server
    return vllm if kind is ServerKind.VLLM else {**llama_server, **vllm}
