"""Starts the engine and keeps it running: `python -m clinical.inference.engine --socket PATH --model ID ...`.

The supervisor owns the listening socket, so that callers who come while the engine starts again wait a moment
instead of failing. A lock file beside it makes sure that there is one engine a host, whoever starts it.
"""

import argparse
import fcntl
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from clinical.inference.engine.cpus import STEADY_THREADS
from clinical.inference.engine.lifeline import die_with_parent
from clinical.inference.engine.server import EXIT_CONFIGURATION, add_model_arguments

SECONDS_TO_DRAIN = 10
LEAST_SECONDS_BETWEEN_STARTS = 0.2
MOST_SECONDS_BETWEEN_STARTS = 10.0
# An engine that lived this long was well: the next start need not wait.
SECONDS_OF_HEALTH = 5.0

# Memory that is freed is overwritten at once, whoever freed it: llama.cpp, Python, the JSON parser.
# glibc does so with `perturb`, but not for chunks in a thread's cache, nor for Python's own small objects.
FORGETFUL: Mapping[str, str] = {
    "GLIBC_TUNABLES": "glibc.malloc.perturb=170:glibc.malloc.tcache_count=0:glibc.malloc.mmap_threshold=1048576",
    "PYTHONMALLOC": "malloc",
}


class Supervisor:
    """Starts the engine, and starts it again when it ends by itself."""

    def __init__(self, socket_file: Path, engine_arguments: list[str]) -> None:
        self._listener = _listen(socket_file)
        self._arguments = engine_arguments
        self._engine: subprocess.Popen[bytes] | None = None
        self._is_stopping = False  # set by the signal handler; an Event could deadlock there

    def run(self) -> int:
        """Keep the engine running until told to stop; return the exit code."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        pause_seconds = LEAST_SECONDS_BETWEEN_STARTS
        while not self._was_told_to_stop():
            started_at = time.monotonic()
            code = self._run_engine()
            if self._was_told_to_stop():
                break
            if code == EXIT_CONFIGURATION:
                return code
            sys.stderr.write(f"engine: ended with {code}; starting again\n")
            if time.monotonic() - started_at > SECONDS_OF_HEALTH:
                pause_seconds = LEAST_SECONDS_BETWEEN_STARTS
            time.sleep(pause_seconds)
            pause_seconds = min(2 * pause_seconds, MOST_SECONDS_BETWEEN_STARTS)
        return 0

    def _was_told_to_stop(self) -> bool:
        return self._is_stopping

    def _run_engine(self) -> int:
        listener = self._listener.fileno()
        self._engine = subprocess.Popen(  # noqa: S603 - our own command line
            [sys.executable, "-m", "clinical.inference.engine.server", *self._arguments]
            + ["--listener", str(listener)],
            env={**os.environ, **FORGETFUL, **STEADY_THREADS},
            stdin=subprocess.DEVNULL,
            pass_fds=[listener],
            preexec_fn=die_with_parent,
        )
        return self._engine.wait()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Let the engine finish what it has taken in."""
        self._is_stopping = True
        if self._engine is not None:
            self._engine.terminate()
            signal.signal(signal.SIGALRM, self._kill)
            signal.alarm(SECONDS_TO_DRAIN)

    def _kill(self, _signal: int, _frame: FrameType | None) -> None:
        if self._engine is not None:
            self._engine.kill()


def _listen(socket_file: Path) -> socket.socket:
    """Return a listening socket that only its owner can open."""
    socket_file.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    previous = os.umask(0o177)
    try:
        listener.bind(str(socket_file))
    finally:
        os.umask(previous)
    listener.listen(128)
    return listener


def _take_lock(socket_file: Path) -> int:
    """Return a lock that this process holds until it ends. Exits where another engine has it."""
    descriptor = os.open(socket_file.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"engine: another one serves {socket_file} already")
    return descriptor


def _without_socket(arguments: list[str]) -> list[str]:
    """Return what the engine itself is told: everything but the socket's path."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--socket")
    return parser.parse_known_args(arguments)[1]


def main() -> None:
    """Take the lock, open the socket, run."""
    parser = argparse.ArgumentParser(prog="clinical.inference.engine", description=__doc__)
    parser.add_argument("--socket", type=Path, required=True, help="where to listen (created with mode 0600)")
    add_model_arguments(parser)
    socket_file = parser.parse_args().socket
    # A core file would hold prompts.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    lock = _take_lock(socket_file)
    try:
        code = Supervisor(socket_file, _without_socket(sys.argv[1:])).run()
    finally:
        socket_file.unlink(missing_ok=True)
        os.close(lock)
    sys.exit(code)


if __name__ == "__main__":
    main()
