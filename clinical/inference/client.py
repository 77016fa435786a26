"""The engine as the rest of the product sees it: a draft in, pieces of text out, typed errors."""

import json
import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from clinical.errors import EngineBusy, EngineError, EngineRefused, EngineTimeout, EngineUnavailable
from clinical.inference.domain import LARGEST_LINE_BYTES, Draft, EngineInfo, Refusal

# The engine gives up by itself at the deadline; the client waits a little longer for it to say so.
GRACE_SECONDS = 2.0

ERRORS: dict[str, type[EngineError]] = {
    Refusal.BUSY: EngineBusy,
    Refusal.TIMEOUT: EngineTimeout,
    Refusal.PROMPT_TOO_LONG: EngineRefused,
    Refusal.SCHEMA_UNUSABLE: EngineRefused,
    Refusal.MALFORMED: EngineRefused,
}


class Engine(Protocol):
    """What drafts: the engine process, or a script of replies in a test."""

    def info(self) -> EngineInfo:
        """Which weights are loaded."""
        ...

    def write(self, draft: Draft) -> Generator[str, None, None]:
        """Pieces of JSON text under the draft's schema."""
        ...


class EngineClient:
    """Talks to the engine process over its Unix socket; one connection a request."""

    def __init__(self, socket_file: Path) -> None:
        self._socket_file = socket_file

    def info(self) -> EngineInfo:
        """Return which weights are loaded. Raises: EngineUnavailable."""
        for reply in self._replies({"op": "info"}, timeout_seconds=GRACE_SECONDS):
            return EngineInfo(**reply)
        raise EngineUnavailable("The engine closed the connection without an answer")

    def write(self, draft: Draft) -> Generator[str, None, None]:
        """Yield pieces of text as the model writes them; closing the iterator cancels the request.

        Raises: EngineUnavailable, EngineBusy, EngineTimeout, EngineRefused.
        """
        request = {"op": "write", "draft": asdict(draft)}
        pending = b""
        for reply in self._replies(request, timeout_seconds=draft.deadline_seconds + GRACE_SECONDS):
            if refused := reply.get("refused"):
                raise ERRORS.get(refused, EngineUnavailable)(f"The engine gave no draft: {refused}")
            if reply.get("done"):
                return
            pending += reply["piece"].encode("latin-1")
            whole, pending = _whole_characters(pending)
            yield whole
        raise EngineUnavailable("The engine stopped in the middle of a draft")

    def _replies(self, request: dict[str, Any], *, timeout_seconds: float) -> Iterator[dict[str, Any]]:
        with _typed_errors(), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(timeout_seconds)
            connection.connect(str(self._socket_file))
            connection.sendall(json.dumps(request).encode() + b"\n")
            with connection.makefile("rb") as stream:
                while line := stream.readline(LARGEST_LINE_BYTES):
                    yield json.loads(line)


@contextmanager
def _typed_errors() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise EngineTimeout("The engine did not answer in time") from error
    except (OSError, json.JSONDecodeError) as error:
        raise EngineUnavailable("The engine process does not answer") from error


def _whole_characters(data: bytes) -> tuple[str, bytes]:
    """Split UTF-8 bytes into the text that is complete and the bytes of a character still to come."""
    for cut in range(len(data), max(len(data) - 4, -1), -1):
        try:
            return data[:cut].decode(), data[cut:]
        except UnicodeDecodeError:
            continue
    return data.decode(errors="replace"), b""
