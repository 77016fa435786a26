"""Starts the real servers as subprocesses on loopback or on a Unix socket, and stops them."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from clinical.errors import EngineError
from clinical.inference.remote.client import RemoteEngine
from tests.clinical.inference.remote.writing import engine_on
from tests.conftest import free_port
from tests.product import MODEL_FILE

MODEL_ID = "smol"
START_SECONDS = 60
# As docs/remote-models.md says.
SAFE_FLAGS = ("--no-cache-prompt", "--cache-ram", "0", "--no-cache-idle-slots", "--no-slots")


def llama_server_binary() -> str:
    """The program that TACIT_LLAMA_SERVER names, or the one on the path; skips where there is none."""
    binary = os.environ.get("TACIT_LLAMA_SERVER") or shutil.which("llama-server")
    if not binary:
        pytest.skip("there is no llama-server: set TACIT_LLAMA_SERVER, or put it on the path")
    return binary


@contextmanager
def llama_server(
    log: Path, *flags: str, socket_file: Path | None = None, token: str | None = None
) -> Iterator[str]:
    """A llama-server with the starter model and these flags; its address."""
    port = free_port()
    place = ("--host", str(socket_file)) if socket_file else ("--host", "127.0.0.1", "--port", str(port))
    url = f"unix://{socket_file}" if socket_file else f"http://127.0.0.1:{port}"
    # One thread: several of them wait for each other in a loop, which crawls where the machine has other work.
    shape = ("--alias", MODEL_ID, "--ctx-size", "1024", "--threads", "1")
    command = [llama_server_binary(), "--model", _model(), *shape]
    with _running([*command, *place, *flags], url, log, token):
        yield url


@contextmanager
def llama_cpp_server(log: Path) -> Iterator[str]:
    """The server that llama-cpp-python brings, with the starter model; its address."""
    pytest.importorskip("fastapi", reason="llama_cpp.server needs fastapi")
    port = free_port()
    command = [sys.executable, "-m", "llama_cpp.server", "--model", _model(), "--model_alias", MODEL_ID]
    url = f"http://127.0.0.1:{port}"
    with _running(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--n_ctx", "1024", "--n_threads", "1"],
        url,
        log,
    ):
        yield url


def _model() -> str:
    if not MODEL_FILE.is_file():
        pytest.skip("there is no model file: `make content` unpacks one")
    return str(MODEL_FILE)


@contextmanager
def _running(command: Sequence[str], url: str, log: Path, token: str | None = None) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait(process, engine_on(url, model_id=MODEL_ID, token=token), log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], engine: RemoteEngine, log: Path) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at:
        if process.poll() is not None:
            raise RuntimeError(f"The server did not start:\n{log.read_text()[-2000:]}")
        try:
            engine.info()
        except EngineError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The server did not answer in {START_SECONDS} seconds")
