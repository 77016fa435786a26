"""What the engine promises its callers: typed errors, order, limits, a socket of their own."""

import json
import socket
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from clinical.errors import EngineBusy, EngineError, EngineRefused, EngineTimeout, EngineUnavailable
from clinical.inference.client import EngineClient
from clinical.inference.domain import Draft
from clinical.inference.structured import write_document
from tests.clinical.inference.drafts import SCHEMA, bedside, library
from tests.product import MODEL_FILE

Ask = Callable[..., Draft]

pytestmark = pytest.mark.usefixtures("engine_process")


@pytest.fixture
def client() -> EngineClient:
    return EngineClient(settings.TACIT_ENGINE_SOCKET)


def test_it_says_which_model_is_loaded(client: EngineClient) -> None:
    info = client.info()
    assert (info.model_id, info.file) == ("smollm2-135m-instruct", MODEL_FILE.name)
    assert len(info.sha256) == 64


def test_only_its_owner_can_open_the_socket() -> None:
    assert stat.S_IMODE(settings.TACIT_ENGINE_SOCKET.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "draft", [bedside(schema=SCHEMA, max_tokens=60), library(schema=SCHEMA, max_tokens=60)]
)
def test_what_it_writes_follows_the_schema_and_repeats_exactly(client: EngineClient, draft: Draft) -> None:
    first, second = (write_document(client, draft) for _ in range(2))
    assert first is not None
    assert first["passage"] == 1
    assert first == second


@pytest.mark.parametrize("ask", [bedside, library])
def test_a_schema_that_is_no_grammar_is_refused(client: EngineClient, ask: Ask) -> None:
    with pytest.raises(EngineRefused):
        "".join(client.write(ask(schema={"type": "no such type"})))


@pytest.mark.parametrize("ask", [bedside, library])
def test_a_prompt_too_long_is_refused_and_not_cut(client: EngineClient, ask: Ask) -> None:
    with pytest.raises(EngineRefused):
        "".join(client.write(ask("word " * 6_000)))


@pytest.mark.parametrize("ask", [bedside, library])
def test_a_deadline_that_passes_is_a_typed_error(client: EngineClient, ask: Ask) -> None:
    with pytest.raises(EngineTimeout):
        "".join(client.write(ask("word " * 3_000, deadline_seconds=0.2)))


def test_a_caller_that_goes_away_frees_the_engine(client: EngineClient) -> None:
    pieces = client.write(bedside("Write a very long story. " * 20, max_tokens=2_000, deadline_seconds=60))
    next(pieces)
    pieces.close()
    started = time.monotonic()
    "".join(client.write(bedside(max_tokens=30)))
    assert time.monotonic() - started < 20


def test_the_bedside_goes_before_the_library(client: EngineClient) -> None:
    ended: list[str] = []

    def read(name: str, draft: Draft) -> None:
        "".join(client.write(draft))
        ended.append(name)

    batch = [
        threading.Thread(target=read, args=("library", library(f"Tell story {n}.", max_tokens=120)))
        for n in range(4)
    ]
    for thread in batch:
        thread.start()
    time.sleep(0.5)
    read("bedside", bedside(max_tokens=10))
    for thread in batch:
        thread.join()
    assert ended[0] == "bedside"


def test_requests_beyond_the_queue_are_told_that_it_is_busy_and_when_to_come_again(
    client: EngineClient,
) -> None:
    outcomes: list[EngineError | None] = []

    def ask() -> None:
        try:
            "".join(client.write(bedside("Count.", max_tokens=4, deadline_seconds=60.0)))
            outcomes.append(None)
        except EngineError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=ask) for _ in range(14)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    busy = [outcome for outcome in outcomes if isinstance(outcome, EngineBusy)]
    assert len(busy) >= 3
    assert all(error.retry_after_seconds >= 1 for error in busy)
    assert outcomes.count(None) >= 9


def test_no_engine_is_a_typed_error(tmp_path: Path) -> None:
    client = EngineClient(tmp_path / "nobody.sock")
    with pytest.raises(EngineUnavailable):
        client.info()
    with pytest.raises(EngineUnavailable):
        "".join(client.write(bedside()))


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[]",
        b'{"op": "dance"}',
        b'{"op": "write"}',
        b'{"op": "write", "lane": "corridor", "draft": {}}',
        b"[" * 5_000,
        b'{"op": "write", "lane": "library", "draft": {"messages": [], "limits": {}, "schema": null, "specialty": "x"}}',
        b"\xff\xfe",
        b"",
    ],
)
def test_a_request_that_is_none_is_refused_and_the_next_is_served(client: EngineClient, line: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(settings.TACIT_ENGINE_SOCKET))
        connection.sendall(line + b"\n")
        answer = json.loads(connection.makefile("rb").readline())
    assert answer["refused"] == "malformed"
    assert client.info().sha256


def test_metrics_count_and_hold_no_text(client: EngineClient) -> None:
    "".join(client.write(bedside("Mrs Nightingale asks.", max_tokens=5)))
    exposition = client.metrics()
    for name in ("first_token_seconds", "tokens_per_second", "queue_depth", "tokens_total", "drafts_total"):
        assert f"tacit_engine_{name}" in exposition
    assert 'specialty="general"' in exposition
    assert "Nightingale" not in exposition
    assert settings.TACIT_ENGINE_SOCKET.name not in exposition
