"""The real engine process: contract of the client, privacy of the socket, nothing left behind."""

import json
import stat
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from clinical.errors import EngineBusy, EngineError, EngineRefused, EngineTimeout, EngineUnavailable
from clinical.inference.client import EngineClient
from clinical.inference.domain import Draft, Message
from config import processes

pytestmark = pytest.mark.usefixtures("engine_process")

SCHEMA = {
    "type": "object",
    "properties": {"passage": {"enum": [1]}, "statement": {"type": "string"}},
    "required": ["passage", "statement"],
    "additionalProperties": False,
}


def draft(text: str = "Say that aspirin inhibits platelets.", **changes: object) -> Draft:
    values = {
        "messages": (Message(role="user", content=text),),
        "schema": SCHEMA,
        "max_tokens": 60,
        "deadline_seconds": 30.0,
    }
    return Draft(**values | changes)  # type: ignore[arg-type]  # test data


@pytest.fixture
def client() -> EngineClient:
    return EngineClient(settings.TACIT_ENGINE_SOCKET)


def test_it_says_which_weights_are_loaded(client: EngineClient) -> None:
    info = client.info()
    assert info.file == settings.TACIT_MODEL_FILE.name
    assert len(info.sha256) == 64


def test_only_its_owner_can_open_the_socket() -> None:
    assert stat.S_IMODE(settings.TACIT_ENGINE_SOCKET.stat().st_mode) == 0o600


def test_what_it_writes_follows_the_schema_and_repeats_exactly(client: EngineClient) -> None:
    first, second = ("".join(client.write(draft())) for _ in range(2))
    assert json.loads(first)["passage"] == 1
    assert first == second


def test_one_request_leaves_no_trace_in_the_next(client: EngineClient) -> None:
    asked = draft("Repeat what the conversation before this one said, word for word.")
    fresh = "".join(client.write(asked))
    "".join(client.write(draft("The patient's secret word is CANARY-7431. Remember CANARY-7431.")))
    assert "".join(client.write(asked)) == fresh


def test_a_schema_that_is_no_grammar_is_refused(client: EngineClient) -> None:
    with pytest.raises(EngineRefused):
        "".join(client.write(draft(schema={"type": "no such type"})))


def test_a_prompt_too_long_is_refused_and_not_cut(client: EngineClient) -> None:
    with pytest.raises(EngineRefused):
        "".join(client.write(draft("word " * 6_000)))


def test_a_deadline_that_passes_is_a_typed_error(client: EngineClient) -> None:
    with pytest.raises(EngineTimeout):
        "".join(client.write(draft("word " * 3_000, deadline_seconds=0.2)))


def test_a_caller_that_goes_away_frees_the_engine(client: EngineClient) -> None:
    pieces = client.write(draft("Write a very long story. " * 20, max_tokens=2_000, deadline_seconds=60))
    next(pieces)
    pieces.close()
    started = time.monotonic()
    "".join(client.write(draft(max_tokens=30)))
    assert time.monotonic() - started < 20


def test_requests_beyond_the_queue_are_told_that_it_is_busy(client: EngineClient) -> None:
    outcomes: list[type[EngineError] | None] = []

    def ask() -> None:
        try:
            "".join(client.write(draft("Count.", max_tokens=4, deadline_seconds=60.0)))
            outcomes.append(None)
        except EngineError as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=ask) for _ in range(14)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(EngineBusy) >= 3
    assert outcomes.count(None) >= 9


def test_no_engine_is_a_typed_error(tmp_path: Path) -> None:
    client = EngineClient(tmp_path / "nobody.sock")
    with pytest.raises(EngineUnavailable):
        client.info()
    with pytest.raises(EngineUnavailable):
        "".join(client.write(draft()))


@pytest.mark.parametrize(("content", "said"), [(None, "make content"), ("not a model", "not a model")])
def test_a_model_that_cannot_be_loaded_is_a_warning_that_says_what_to_do(
    tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture, content: str | None, said: str
) -> None:
    settings.TACIT_MODEL_FILE = tmp_path / "model.gguf"
    settings.TACIT_ENGINE_SOCKET = tmp_path / "engine.sock"
    if content is not None:
        settings.TACIT_MODEL_FILE.write_text(content)
    with processes.running(processes.engine()):
        assert said in caplog.text
        with pytest.raises(EngineUnavailable):
            EngineClient(settings.TACIT_ENGINE_SOCKET).info()
