"""After a request the engine's memory holds nothing of it: the whole process is searched, byte by byte."""

import ctypes
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinical.errors import EngineRefused, EngineTimeout
from clinical.inference.llama.weights import Weights
from tests.clinical.inference.drafts import SCHEMA, bedside
from tests.clinical.inference.engine.memory import found_in
from tests.clinical.inference.engine.running import RunningEngine, running_engine

CANARY = "zyxwortha canary quillfeather 90417 brambledown"
ASKED = f"The patient's secret word is {CANARY}. Repeat it, and tell a long story about it."


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, model_file: Path) -> Iterator[RunningEngine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as running:
        yield running


@pytest.fixture(scope="module")
def needles(weights: Weights) -> dict[str, bytes]:
    """The canary as text, in the widths that Python stores, and as a run of token ids."""
    tokens = weights.tokenize(f" {CANARY}", is_template=False)
    run = bytes(tokens)[3 * ctypes.sizeof(ctypes.c_int32) : -3 * ctypes.sizeof(ctypes.c_int32)]
    return {
        "text": CANARY.encode(),
        "wide text": CANARY.encode("utf-32-le"),
        "tokens": run,
        "tokens, first half": run[: len(run) // 2],
        "tokens, second half": run[len(run) // 2 :],
        "end of the text": CANARY[-20:].encode(),
    }


def test_the_canary_is_found_while_the_request_runs(engine: RunningEngine, needles: dict[str, bytes]) -> None:
    pieces = engine.client.write(bedside(ASKED, max_tokens=400))
    next(pieces)
    # Held still, or on a busy machine the request is over before all of its memory is searched.
    os.kill(engine.pid, signal.SIGSTOP)
    try:
        found = found_in(engine.pid, needles)
    finally:
        os.kill(engine.pid, signal.SIGCONT)
    pieces.close()
    assert {"text", "tokens"} <= found


def test_nothing_is_left_of_a_request_that_was_answered(
    engine: RunningEngine, needles: dict[str, bytes]
) -> None:
    written = "".join(engine.client.write(bedside(ASKED, max_tokens=60)))
    after = needles | {"the answer": written[10:60].encode()}
    assert len(after["the answer"]) > 20
    assert left_in(engine, after) == set()


def test_nothing_is_left_of_one_that_failed(engine: RunningEngine, needles: dict[str, bytes]) -> None:
    with pytest.raises(EngineRefused):
        "".join(engine.client.write(bedside(ASKED * 400)))
    with pytest.raises(EngineRefused):
        "".join(engine.client.write(bedside(ASKED, schema={"type": "no such type"})))
    with pytest.raises(EngineTimeout):
        "".join(engine.client.write(bedside(ASKED * 60, deadline_seconds=0.3)))
    assert left_in(engine, needles) == set()


def test_nothing_is_left_of_one_that_was_cancelled(engine: RunningEngine, needles: dict[str, bytes]) -> None:
    pieces = engine.client.write(bedside(ASKED, schema=SCHEMA, max_tokens=400))
    next(pieces)
    pieces.close()
    assert left_in(engine, needles) == set()


def left_in(engine: RunningEngine, needles: dict[str, bytes]) -> set[str]:
    """What is still found once the engine has had a moment to notice that the caller is gone."""
    give_up_at = time.monotonic() + 30
    while (found := found_in(engine.pid, needles)) and time.monotonic() < give_up_at:
        time.sleep(0.2)
    return found
