"""A thousand random requests: sizes, cancels, deadlines, kills. Nothing leaks."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clinical.errors import EngineError
from clinical.inference.domain import Draft
from tests.clinical.inference.drafts import SCHEMA, bedside, library
from tests.clinical.inference.engine.running import RunningEngine, running_engine

pytestmark = pytest.mark.usefixtures("model_file")
CALLERS = 4
GROWTH_AT_MOST = 1.05


def test_some_random_requests_leave_nothing_behind(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        _ask_at_random(engine, 20, seed=1)  # whatever is made once is made now
        before = _open_files(engine.pid), _threads(engine.pid)
        _ask_at_random(engine, 40, seed=2)
        assert (_open_files(engine.pid), _threads(engine.pid)) == before


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_thousand_random_requests_and_kills_leave_nothing_behind(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        _ask_at_random(engine, 100, seed=1)
        for round_number in range(3):
            _ask_at_random(engine, 100, seed=10 + round_number, kills=2)
        engine.wait_until_ready()
        _ask_at_random(engine, 100, seed=20)
        files, threads, memory = _open_files(engine.pid), _threads(engine.pid), _memory_bytes(engine.pid)
        supervisor_files = _open_files(engine.supervisor.pid)
        _ask_at_random(engine, 500, seed=30)
        assert (_open_files(engine.pid), _threads(engine.pid)) == (files, threads)
        assert _open_files(engine.supervisor.pid) == supervisor_files
        assert _memory_bytes(engine.pid) < memory * GROWTH_AT_MOST
        assert len(_children(engine.supervisor.pid)) == 1


def _ask_at_random(engine: RunningEngine, requests: int, *, seed: int, kills: int = 0) -> None:
    """Let several callers ask, and give up, as chance has it; then wait until the engine is idle."""
    chance = random.Random(seed)
    asked = [_random_draft(chance) for _ in range(requests)]
    patience = [chance.choice([0, 1, 5, 1_000]) for _ in asked]
    work = list(zip(asked, patience, strict=True))
    callers = [
        threading.Thread(target=_ask_all, args=(engine, work[number::CALLERS])) for number in range(CALLERS)
    ]
    for caller in callers:
        caller.start()
    for _ in range(kills):
        time.sleep(chance.uniform(1, 3))
        engine.wait_until_ready()
        os.kill(engine.pid, signal.SIGKILL)
    for caller in callers:
        caller.join()
    engine.wait_until_ready()
    "".join(engine.client.write(bedside("Count.", max_tokens=2)))
    time.sleep(1)


def _random_draft(chance: random.Random) -> Draft:
    asks: list[Callable[..., Draft]] = [bedside, library]
    ask = chance.choice(asks)
    return ask(
        "word " * chance.choice([1, 5, 50, 300, 6_000]),
        schema=chance.choice([None, SCHEMA, {"type": "nothing"}]),
        max_tokens=chance.choice([1, 5, 20]),
        deadline_seconds=chance.choice([0.05, 1.0, 20.0]),
    )


def _ask_all(engine: RunningEngine, work: list[tuple[Draft, int]]) -> None:
    for draft, patience in work:
        pieces = engine.client.write(draft)
        try:
            for count, _ in enumerate(pieces):
                if count >= patience:
                    break
        except EngineError:
            continue
        finally:
            pieces.close()


def _open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 - a count of links, not of paths


def _threads(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _memory_bytes(pid: int) -> int:
    """Private memory: what the process has written, without the weights that it maps from the file."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Private_Dirty", "Swap:")))
