"""The tests' processes: each says when it is ready, and what it did as lines that a kill cannot take back."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from audit.benchmark.databases import Database


class Process:
    """A module of these tests, running."""

    def __init__(self, ledger: Database, module: str, *arguments: str) -> None:
        self.name = module
        self.popen = subprocess.Popen(
            [sys.executable, "-m", f"tests.audit.crash.{module}", *arguments],
            env=ledger.environment(),
            stdout=subprocess.PIPE,
            text=True,
        )

    def lines(self, count: int) -> list[str]:
        """Return its next lines, as soon as they are there."""
        assert self.popen.stdout is not None
        found = [self.popen.stdout.readline().strip() for _ in range(count)]
        assert all(found), f"{self.name} ended: {found}"
        return found

    def kill(self) -> list[str]:
        """Kill it at once and return the lines it had written."""
        self.popen.send_signal(signal.SIGKILL)
        return self.rest()

    def rest(self) -> list[str]:
        """Return the lines up to its end; a last one that a kill cut off does not count."""
        out, _ = self.popen.communicate(timeout=60)
        return [line for line in out.split("\n")[:-1] if line]


@contextmanager
def running(ledger: Database, commands: Iterable[tuple[str, ...]]) -> Iterator[list[Process]]:
    """Give processes that are ready, and leave none behind."""
    started = [Process(ledger, *command) for command in commands]
    try:
        for process in started:
            assert process.lines(1) == ["ready"]
        yield started
    finally:
        for process in started:
            if process.popen.poll() is None:
                process.kill()


def finished(ledger: Database, module: str, *arguments: str) -> list[str]:
    """Run a process to its end and return its lines."""
    process = Process(ledger, module, *arguments)
    lines = process.rest()
    assert process.popen.returncode == 0
    return lines


def content(ledger: Database) -> list[dict[str, str]]:
    """Return all entries in the tree's order, after the whole ledger was sealed and checked."""
    return list(json.loads(finished(ledger, "checking")[-1]))


def main(act: Callable[[], None]) -> None:
    """In a process: set up, say so, act."""
    import django

    django.setup()
    tell("ready")
    act()


def tell(line: str) -> None:
    """In a process: write a line at once; a pipe takes it whole."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())
