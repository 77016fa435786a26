"""The engine comes back by itself, is there once a host, and finishes what it has taken in."""

import hashlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinical.errors import EngineUnavailable
from tests.clinical.inference.drafts import bedside
from tests.clinical.inference.engine.running import RunningEngine, running_engine, start

pytestmark = pytest.mark.usefixtures("model_file")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as running:
        yield running


def test_killed_in_mid_answer_it_is_a_typed_error_at_once_and_the_next_request_works(
    engine: RunningEngine,
) -> None:
    pieces = engine.client.write(bedside("Tell a long story.", max_tokens=400))
    next(pieces)
    os.kill(engine.pid, signal.SIGKILL)
    killed_at = time.monotonic()
    with pytest.raises(EngineUnavailable):
        list(pieces)
    told_after = time.monotonic() - killed_at
    assert "".join(engine.client.write(bedside(max_tokens=3)))
    served_after = time.monotonic() - killed_at
    # Goals 1 s and 5 s on a quiet machine (docs/benchmarks.md); a test on a busy one must not fail for that.
    assert told_after < 5
    assert served_after < 30


def test_a_second_one_beside_it_does_not_start(engine: RunningEngine) -> None:
    second = start(engine.socket_file, engine.socket_file.parent, model="smollm2-135m-instruct")
    assert second.wait(20) == 1
    assert "serves" in (engine.socket_file.parent / "engine.log").read_text()
    assert engine.client.info().sha256


def test_told_to_stop_it_finishes_what_it_has_taken_in(tmp_path: Path) -> None:
    texts: list[str] = []
    with running_engine(tmp_path) as engine:
        pieces = engine.client.write(bedside("Tell a story.", max_tokens=20))
        texts.append(next(pieces))
        rest = threading.Thread(target=lambda: texts.extend(pieces))
        rest.start()
        engine.supervisor.send_signal(signal.SIGTERM)
        rest.join()
        assert engine.supervisor.wait(20) == 0
    assert len("".join(texts)) > 10
    assert not engine.socket_file.exists()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (None, "No model is registered as"),
        ("0" * 64, "is not the one that was registered"),
        ("true", "is not a model that llama.cpp can load"),
    ],
)
def test_a_model_that_cannot_be_served_is_said_once_and_not_tried_again(
    tmp_path: Path, entry: str | None, said: str
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    if entry is not None:
        _register(models, entry)
    process = start(tmp_path / "engine.sock", tmp_path, model="own")
    assert process.wait(30) == 78
    log = (tmp_path / "engine.log").read_text()
    assert said in log
    assert log.count("engine:") == 1
    assert "Traceback" not in log


def test_the_supervisor_takes_the_engine_with_it(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        pid = engine.pid
        engine.supervisor.kill()
        give_up_at = time.monotonic() + 20
        while Path(f"/proc/{pid}").exists():
            assert time.monotonic() < give_up_at
            time.sleep(0.1)


def _register(models: Path, sha256: str) -> None:
    weights = models / "own.gguf"
    weights.write_bytes(b"GGUF but nothing more")
    if sha256 == "true":
        sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
    (models / "models.toml").write_text(
        f"""version = 1

[[model]]
id = "own"
name = "Own"
family = "llama"
file = "own.gguf"
sha256 = "{sha256}"
source = "https://example.org/own.gguf"
licence = "Apache-2.0"
quantisation = "Q4_1"
context_tokens = 4096
template = "chatml"
intended_use = "tests"
"""
    )
