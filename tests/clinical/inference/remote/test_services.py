"""Which engine the settings choose."""

from typing import Any

import pytest

from clinical.errors import EngineUnavailable
from clinical.inference import services
from clinical.inference.client import EngineClient
from clinical.inference.remote.endpoint import Endpoint
from clinical.inference.remote.errors import UnsafeServer
from tests.clinical.inference.drafts import bedside
from tests.clinical.inference.remote.imitation import LlamaServer, Settings
from tests.clinical.inference.remote.loopback import Loopback
from tests.clinical.inference.remote.writing import written

CANARY = "Zebedee Quarrington"


@pytest.fixture
def remote(settings: Any, server: Loopback) -> Loopback:
    settings.TACIT_ENGINE_ENDPOINT = Endpoint.parse(server.url, token="sk-secret")
    settings.TACIT_ENGINE_MODEL = "med"
    server.reply_to = LlamaServer(Settings(token="sk-secret"))
    return server


def test_without_a_server_the_engine_runs_here() -> None:
    assert isinstance(services.configured_engine(), EngineClient)
    assert services.probe_remote() is None


def test_a_named_server_is_probed_once_a_process(remote: Loopback) -> None:
    engine = services.configured_engine()
    assert remote.seen == []
    written(engine, bedside())
    probed = len(remote.seen)
    written(services.configured_engine(), bedside())
    assert len(remote.seen) == probed + 1


def test_a_server_that_keeps_prompts_never_sees_patient_data(remote: Loopback) -> None:
    remote.reply_to = LlamaServer(Settings(token="sk-secret", keeps_archive=True))
    with pytest.raises(UnsafeServer, match="--cache-ram 0"):
        written(services.configured_engine(), bedside(CANARY))
    assert CANARY not in str([seen.document for seen in remote.seen])


def test_a_server_without_the_model_is_told_by_the_setting(remote: Loopback, settings: Any) -> None:
    settings.TACIT_ENGINE_MODEL = "another"
    with pytest.raises(EngineUnavailable, match="TACIT_ENGINE_MODEL"):
        services.configured_engine().info()


def test_other_settings_are_another_engine(remote: Loopback, settings: Any) -> None:
    first = services.configured_engine()
    assert services.configured_engine() is first
    settings.TACIT_ENGINE_MODEL = "another"
    assert services.configured_engine() is not first
