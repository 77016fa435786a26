"""A streamed chat completion as pieces of text and token counts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clinical.inference.remote.connection import Exchange
from clinical.inference.remote.errors import ServerFault, ServerUnreachable
from clinical.inference.remote.events import event_data

_END = "[DONE]"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many tokens a server says it read, reused and wrote so far; None where it has not said."""

    prompt: int | None = None
    reused: int | None = None
    written: int | None = None


class Answer:
    """The answer that an exchange brings. Closing it cancels what is not yet written."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._data = _stream(exchange)
        self.counts = Counts()

    def next_piece(self) -> str:
        """Return the next text; empty at the end.

        Raises: ServerFault, for a stream that breaks the format or off; EngineTimeout.
        """
        for data in self._data:
            if data == _END:
                return ""
            chunk = _read_chunk(data)
            self.counts = _counts(chunk, self.counts)
            if piece := _text(chunk):
                return piece
        raise ServerUnreachable("The model server ended its answer early: check its log and its health")

    def close(self) -> None:
        """Cancel: the server sees the connection end."""
        self._exchange.close()


def _stream(exchange: Exchange) -> Iterator[str]:
    kind = exchange.header("Content-Type").partition(";")[0].strip().lower()
    if kind != "text/event-stream" or exchange.header("Content-Encoding") not in {"", "identity"}:
        raise ServerFault(
            "The model server did not answer with a stream of events: check that TACIT_ENGINE_URL is the address "
            "of an OpenAI-compatible server"
        )
    return event_data(exchange.chunks())


def _read_chunk(data: str) -> dict[str, Any]:
    try:
        chunk = json.loads(data)
    except ValueError:
        chunk = None
    if isinstance(chunk, dict) and "error" in chunk:
        raise ServerFault("The model server failed in the middle of its answer: see its log")
    if not isinstance(chunk, dict) or not isinstance(chunk.get("choices"), list):
        raise _malformed()
    return chunk


def _text(chunk: dict[str, Any]) -> str:
    if not chunk["choices"]:
        return ""
    choice = chunk["choices"][0]
    delta = choice.get("delta") if isinstance(choice, dict) else None
    if not isinstance(delta, dict):
        raise _malformed()
    content = delta.get("content")
    if content is not None and not isinstance(content, str):
        raise _malformed()
    return content or ""


def _counts(chunk: dict[str, Any], before: Counts) -> Counts:
    """Return what is known after this chunk: from `usage`, or from llama-server's `timings`."""
    usage, timings = _object(chunk, "usage"), _object(chunk, "timings")
    cache, fresh = _number(timings, "cache_n"), _number(timings, "prompt_n")
    prompt = cache + fresh if cache is not None and fresh is not None else None
    return Counts(
        prompt=_latest(_number(usage, "prompt_tokens"), prompt, before.prompt),
        reused=_latest(
            _number(_object(usage, "prompt_tokens_details"), "cached_tokens"), cache, before.reused
        ),
        written=_latest(_number(usage, "completion_tokens"), None, before.written),
    )


def _latest(*counts: int | None) -> int | None:
    return next((count for count in counts if count is not None), None)


def _object(parent: dict[str, Any], key: str) -> dict[str, Any]:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _number(parent: dict[str, Any], key: str) -> int | None:
    value = parent.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _malformed() -> ServerFault:
    return ServerFault(
        "The model server sent something that is no chat completion: check that it is OpenAI-compatible"
    )
