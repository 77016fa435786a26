"""Processes that get ready, wait for the word, work, and say what came out as one line of JSON."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any, cast

from audit.benchmark.databases import Database
from audit.benchmark.errors import BenchmarkFailed

READY = "ready"


class Child:
    """A module of this benchmark as a process."""

    def __init__(self, module: str, arguments: Sequence[str], database: Database) -> None:
        self._module = module
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", f"audit.benchmark.{module}", *arguments],
            env=database.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        # Pipes, as asked for above.
        self._input, self._output = cast("IO[str]", self.process.stdin), cast("IO[str]", self.process.stdout)

    def wait_until_ready(self) -> None:
        """Return when it could begin. Raises: BenchmarkFailed."""
        if self._output.readline().strip() != READY:
            self._fail()

    def begin(self) -> None:
        """Give the word; a process that works until it is told to stop takes it for that."""
        self._input.write("\n")
        self._input.flush()

    def result(self) -> dict[str, Any]:
        """Return what came out. Raises: BenchmarkFailed."""
        out, err = self.process.communicate()
        if self.process.returncode:
            raise BenchmarkFailed(self._message(err))
        return dict(json.loads(out.splitlines()[-1]))

    def stop(self) -> None:
        """End it where it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def _fail(self) -> None:
        self.process.kill()
        _, err = self.process.communicate()
        raise BenchmarkFailed(self._message(err))

    def _message(self, err: str) -> str:
        last = err.strip().splitlines()[-1:] or [f"exit status {self.process.returncode}"]
        return f"The benchmark's process {self._module} failed: {last[0]}"


@contextmanager
def children(module: str, arguments: Sequence[Sequence[str]], database: Database) -> Iterator[list[Child]]:
    """Start one process for each list of arguments, wait until all are ready, and leave none behind."""
    started = [Child(module, each, database) for each in arguments]
    try:
        for child in started:
            child.wait_until_ready()
        yield started
    finally:
        for child in started:
            if child.process.poll() is None:
                child.stop()


def wait_for_the_word() -> None:
    """In a child: say that everything is ready, and wait."""
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    sys.stdin.readline()


def tell(result: dict[str, Any]) -> None:
    """In a child: say what came out."""
    sys.stdout.write(json.dumps(result) + "\n")
