"""The engine as the rest of the product sees it: a draft in, pieces of text out, typed errors."""

import json
import socket
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from clinical.errors import EngineBusy, EngineError, EngineRefused, EngineTimeout, EngineUnavailable
from clinical.inference.domain import Draft, EngineInfo, Refusal, Usage
from clinical.inference.wire import LARGEST_LINE_BYTES, encoded, write_request

# The engine gives up by itself at the deadline; the client waits a little longer for it to say so.
GRACE_SECONDS = 2.0


class Engine(Protocol):
    """What drafts: the engine process, a server of the hospital's, or a script of replies in a test."""

    def info(self) -> EngineInfo:
        """Which model writes."""
        ...

    def write(self, draft: Draft) -> Generator[str, None, Usage]:
        """Pieces of text, under the draft's schema where it has one; then what it took."""
        ...


class MeteredEngine(Engine, Protocol):
    """An engine that counts what it does."""

    def metrics(self) -> str:
        """Metrics in Prometheus' text format."""
        ...


class EngineClient:
    """Talks to the engine process over its Unix socket; one connection a request."""

    def __init__(self, socket_file: Path) -> None:
        self._socket_file = socket_file

    def info(self) -> EngineInfo:
        """Return which model is loaded. Raises: EngineUnavailable, EngineTimeout."""
        return EngineInfo(**self._answer("info"))

    def metrics(self) -> str:
        """Return the engine's metrics in Prometheus' text format. Raises: EngineUnavailable, EngineTimeout."""
        return str(self._answer("metrics")["metrics"])

    def write(self, draft: Draft) -> Generator[str, None, Usage]:
        """Yield pieces of text as the model writes them; closing the generator cancels the request.

        Raises: EngineUnavailable, EngineBusy, EngineTimeout, EngineRefused.
        """
        pending = b""
        timeout_seconds = draft.limits.deadline_seconds + GRACE_SECONDS
        for reply in self._replies(write_request(draft), timeout_seconds=timeout_seconds):
            if "refused" in reply:
                raise _error(reply)
            if "done" in reply:
                return Usage(**reply["done"])
            whole, pending = _whole_characters(pending + reply["piece"].encode("latin-1"))
            if whole:
                yield whole
        raise EngineUnavailable("The engine stopped in the middle of a draft")

    def _answer(self, operation: str) -> Mapping[str, Any]:
        for reply in self._replies(encoded({"op": operation}), timeout_seconds=GRACE_SECONDS):
            return reply
        raise EngineUnavailable("The engine closed the connection without an answer")

    def _replies(self, request: bytes, *, timeout_seconds: float) -> Iterator[dict[str, Any]]:
        with _typed_errors(), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(timeout_seconds)
            connection.connect(str(self._socket_file))
            connection.sendall(request)
            with connection.makefile("rb") as stream:
                while line := stream.readline(LARGEST_LINE_BYTES):
                    yield json.loads(line)


def _error(reply: Mapping[str, Any]) -> EngineError:
    refusal = Refusal(reply["refused"])
    message = f"The engine gave no draft: {refusal}"
    if refusal is Refusal.BUSY:
        return EngineBusy(message, retry_after_seconds=reply["retry_after"])
    if refusal is Refusal.TIMEOUT:
        return EngineTimeout(message)
    if refusal in {Refusal.FAILED, Refusal.STOPPING}:
        return EngineUnavailable(message)
    return EngineRefused(message)


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
