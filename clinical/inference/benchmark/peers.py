"""Who is measured: our engine, llama-cpp-python's high-level API, llama-server. Each starts its own process."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from clinical.errors import EngineError
from clinical.inference.benchmark.prompts import SYSTEM
from clinical.inference.client import EngineClient
from clinical.inference.domain import (
    BedsideDraft,
    Draft,
    LibraryDraft,
    Limits,
    PublicMessage,
    PublicText,
    Usage,
)
from clinical.inference.draining import drained
from clinical.inference.registry.domain import RegisteredModel

PROJECT = Path(__file__).resolve().parents[3]
SECONDS_TO_START = 120
DEADLINE_SECONDS = 600.0


class PeerDidNotStart(Exception):
    """One of those that are compared cannot run here; the message names it."""


@dataclass(frozen=True)
class Timed:
    """Tokens that were written, the seconds that counts, and the seconds to the first one."""

    tokens: int
    seconds: float
    first_token_seconds: float = 0.0

    @property
    def tokens_per_second(self) -> float:
        """The rate."""
        return self.tokens / self.seconds


class Peer(Protocol):
    """One of those that are compared."""

    def decode(self, question: str, *, tokens: int) -> Timed:
        """Write an answer; the time counts from its first token."""
        ...

    def batch(self, questions: Sequence[str], *, tokens: int) -> Timed:
        """Answer all, in whatever way is quickest; the time counts from beginning to end."""
        ...


class OurEngine:
    """The engine process over its socket, as the product uses it."""

    def __init__(self, socket_file: Path) -> None:
        self._client = EngineClient(socket_file)

    def decode(self, question: str, *, tokens: int) -> Timed:
        """Write an answer at the bedside."""
        usage = self._usage(BedsideDraft(messages=_messages(question), limits=_limits(tokens)))
        seconds = usage.seconds - usage.seconds_to_first_token
        return Timed(usage.written_tokens - 1, seconds, usage.seconds_to_first_token)

    def batch(self, questions: Sequence[str], *, tokens: int) -> Timed:
        """Answer all together in the library."""
        drafts = [LibraryDraft(messages=_messages(text), limits=_limits(tokens)) for text in questions]
        started_at = time.monotonic()
        with ThreadPoolExecutor(len(drafts)) as callers:
            usages = list(callers.map(self._usage, drafts))
        return Timed(sum(usage.written_tokens for usage in usages), time.monotonic() - started_at)

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            self._client.info()
        except EngineError:
            return False
        return True

    def _usage(self, draft: Draft) -> Usage:
        return drained(self._client.write(draft), lambda _piece: None)


class PythonApi:
    """llama-cpp-python's `Llama`, in a process of its own: one request after the other, as it can."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def decode(self, question: str, *, tokens: int) -> Timed:
        """Write an answer."""
        [timed] = self._asked([question], tokens)
        return timed

    def batch(self, questions: Sequence[str], *, tokens: int) -> Timed:
        """Answer all in turn."""
        started_at = time.monotonic()
        written = sum(timed.tokens + 1 for timed in self._asked(questions, tokens))
        return Timed(written, time.monotonic() - started_at)

    def _asked(self, questions: Sequence[str], tokens: int) -> list[Timed]:
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101, PT018 - pipes
        request = {"system": SYSTEM, "questions": list(questions), "tokens": tokens}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return [Timed(**timed) for timed in json.loads(self._process.stdout.readline())]


class LlamaServer:
    """llama-server over HTTP, with its own defaults, which keep prompts: at its quickest, not at its safest."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=DEADLINE_SECONDS, trust_env=False)

    def decode(self, question: str, *, tokens: int) -> Timed:
        """Write an answer; the server's own clock counts."""
        timings = self._asked(question, tokens)["timings"]
        seconds = timings["predicted_ms"] / 1000
        return Timed(timings["predicted_n"], seconds, timings["prompt_ms"] / 1000)

    def batch(self, questions: Sequence[str], *, tokens: int) -> Timed:
        """Answer all, each in a slot of its own."""
        started_at = time.monotonic()
        with ThreadPoolExecutor(len(questions)) as callers:
            answers = list(callers.map(lambda text: self._asked(text, tokens), questions))
        written = sum(answer["usage"]["completion_tokens"] for answer in answers)
        return Timed(written, time.monotonic() - started_at)

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            return self._http.get("/health").is_success
        except httpx.HTTPError:
            return False

    def _asked(self, question: str, tokens: int) -> Any:  # noqa: ANN401 - the server's JSON
        messages = [{"role": turn.role, "content": turn.content} for turn in _messages(question)]
        body = {"messages": messages, "max_tokens": tokens, "temperature": 0}
        return self._http.post("/v1/chat/completions", json=body).raise_for_status().json()


@contextmanager
def our_engine(model: RegisteredModel, arguments: Sequence[str]) -> Iterator[OurEngine]:
    """Run the engine as the product runs it."""
    with tempfile.TemporaryDirectory() as folder:
        socket_file = Path(folder) / "engine.sock"
        command = [sys.executable, "-m", "clinical.inference.engine", "--socket", str(socket_file)]
        with _running([*command, "--model", model.id, *arguments]) as process:
            engine = OurEngine(socket_file)
            _wait(process, engine.answers, "The engine")
            yield engine


@contextmanager
def python_api(model: RegisteredModel, threads: int) -> Iterator[PythonApi]:
    """Run llama-cpp-python's high-level API."""
    module = "clinical.inference.benchmark.python_api"
    command = [sys.executable, "-m", module, str(model.file), str(model.context_tokens), str(threads)]
    with _running(command) as process:
        yield PythonApi(process)


@contextmanager
def llama_server(binary: Path, model: RegisteredModel, *, threads: int, slots: int) -> Iterator[LlamaServer]:
    """Run llama-server with as many slots as there are clients."""
    port = _free_port()
    command = [str(binary), "--model", str(model.file), "--threads", str(threads), "--port", str(port)]
    command += ["--parallel", str(slots), "--ctx-size", str(slots * 1024), "--host", "127.0.0.1"]
    if shutil.which(binary) is None:
        raise PeerDidNotStart(f"{binary} is no program: name llama-server's with --llama-server")
    with _running(command) as process:
        server = LlamaServer(f"http://127.0.0.1:{port}")
        _wait(process, server.answers, str(binary))
        yield server


@contextmanager
def _running(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603 - our own command lines
        command,
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[str], is_up: Callable[[], bool], name: str) -> None:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while not is_up():
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise PeerDidNotStart(f"{name} did not start: run it by hand to see why")
        time.sleep(0.1)


def _messages(question: str) -> tuple[PublicMessage, ...]:
    return PublicMessage("system", PublicText(SYSTEM)), PublicMessage("user", PublicText(question))


def _limits(tokens: int) -> Limits:
    return Limits(max_tokens=tokens, deadline_seconds=DEADLINE_SECONDS)
