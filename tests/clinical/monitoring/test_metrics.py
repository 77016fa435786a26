"""Who may read the engine's metrics, and what they hold."""

import base64
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from audit.services import recorded_since
from clinical.evaluation.metrics.spending import spent
from clinical.inference.client import EngineClient
from clinical.inference.remote.endpoint import Endpoint
from clinical.inference.services import configured_engine
from compliance.access.models import Account
from tests.clinical.inference.drafts import bedside
from tests.clinical.inference.remote.imitation import LlamaServer, Settings
from tests.clinical.inference.remote.loopback import loopback
from tests.clinical.inference.remote.writing import written
from tests.conftest import PASSWORD

TOKEN = "a-token-of-the-monitoring-system"
CANARY = "Zebedee Quarrington"
HOUR_AGO = timezone.now() - timedelta(hours=1)
Get = Callable[..., Any]


@pytest.fixture
def get(cast: dict[str, Account], settings: Any) -> Get:
    """Ask for the metrics, signed in or not."""
    settings.TACIT_METRICS_TOKEN = TOKEN

    def get(username: str = "", **headers: str) -> Any:
        client = Client()
        if username:
            client.login(username=username, password=PASSWORD)
        return client.get("/metrics", headers=headers)

    return get


@pytest.fixture
def no_engine(settings: Any, tmp_path: Any) -> None:
    settings.TACIT_ENGINE_SOCKET = tmp_path / "none.sock"


@pytest.mark.usefixtures("engine_process")
def test_the_token_opens_the_engines_metrics(get: Get, settings: Any) -> None:
    written(EngineClient(settings.TACIT_ENGINE_SOCKET), bedside(f"Is {CANARY} in?", max_tokens=8))
    response = get(Authorization=f"Bearer {TOKEN}", Accept="text/plain;version=0.0.4")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    text = response.content.decode()
    families = {family.name for family in text_string_to_metric_families(text)}
    assert families == {
        "tacit_engine_first_token_seconds",
        "tacit_engine_tokens_per_second",
        "tacit_engine_tokens",
        "tacit_engine_drafts",
        "tacit_engine_queue_depth",
        "tacit_engine_cost_per_1000_tokens",
        "tacit_engine_busy_seconds",
    }
    labels = 'kind="written",lane="bedside",model="smollm2-135m-instruct",specialty="general"'
    assert f"tacit_engine_tokens_total{{{labels}}}" in text
    assert "Quarrington" not in text


@pytest.mark.usefixtures("engine_process")
def test_a_draft_that_was_stopped_has_its_tokens_counted_too(get: Get, settings: Any) -> None:
    engine = EngineClient(settings.TACIT_ENGINE_SOCKET)
    before = spent(engine.metrics())
    draft = engine.write(bedside("Why is the sky blue?", max_tokens=200))
    assert [next(draft) for _ in range(3)]
    draft.close()
    give_up_at = time.monotonic() + 10
    while not ((used := spent(engine.metrics()).since(before)).tokens_out and used.busy_seconds):
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    assert 3 <= used.tokens_out < 200
    assert used.tokens_in > 5


@pytest.mark.usefixtures("engine_process")
def test_an_administrator_may_look_and_it_is_recorded(get: Get) -> None:
    assert get("ada").status_code == 200
    event = [*recorded_since(HOUR_AGO)][-1].event
    assert (event.actor, event.action, event.outcome) == ("ada", "read-metrics", "success")


@pytest.mark.parametrize("username", ["alma", "ravi", "olga"])
def test_every_other_role_is_refused_and_it_is_recorded(get: Get, username: str) -> None:
    response = get(username)
    assert (response.status_code, response.json()["type"]) == (403, "urn:tacit:problem:access-denied")
    event = [*recorded_since(HOUR_AGO)][-1].event
    assert (event.actor, event.action, event.outcome) == (username, "read-metrics", "denied")


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer wrong", f"Bearer {TOKEN} more", "Bearer \u00e9"]
)
def test_without_the_right_token_nobody_is_let_in(get: Get, authorization: str) -> None:
    response = get(Authorization=authorization) if authorization else get()
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"


def test_where_no_token_is_set_none_is_right(get: Get, settings: Any) -> None:
    settings.TACIT_METRICS_TOKEN = ""
    for authorization in ("Bearer", "Bearer ", "Bearer x"):
        assert get(Authorization=authorization).status_code == 401


def test_the_token_opens_nothing_else(get: Get) -> None:
    for path in ("/api/v1/patients", "/api/v1/reviews", "/api/v1/sources?id=pmid:1"):
        assert Client().get(path, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 401
    assert Client().get("/audit", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 302


def test_an_account_with_basic_credentials_is_known_in_the_demo(get: Get) -> None:
    credentials = base64.b64encode(f"alma:{PASSWORD}".encode()).decode()
    assert get(Authorization=f"Basic {credentials}").status_code == 403


@pytest.mark.usefixtures("no_engine")
def test_without_an_engine_there_is_a_typed_problem(get: Get) -> None:
    response = get(Authorization=f"Bearer {TOKEN}", Accept="text/plain")
    assert (response.status_code, response.json()["type"]) == (503, "urn:tacit:problem:model-unavailable")


def test_of_a_remote_engine_this_side_counts(get: Get, settings: Any) -> None:
    with loopback() as server:
        server.reply_to = LlamaServer(Settings())
        settings.TACIT_ENGINE_ENDPOINT = Endpoint.parse(server.url)
        settings.TACIT_ENGINE_MODEL = "med"
        written(configured_engine(), bedside(CANARY))
        text = get(Authorization=f"Bearer {TOKEN}").content.decode()
    assert 'tacit_engine_drafts_total{lane="bedside",model="med",outcome="finished"} 1.0' in text
    assert "Quarrington" not in text
