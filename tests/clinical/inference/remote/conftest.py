"""A server that answers as it is told, and an engine that asks it."""

from collections.abc import Iterator

import pytest

from clinical.inference.remote.client import RemoteEngine
from clinical.inference.remote.request import ServerFacts
from tests.clinical.inference.remote.loopback import Loopback, loopback
from tests.clinical.inference.remote.writing import engine_on

CONTEXT_TOKENS = 2048


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture
def engine(server: Loopback) -> RemoteEngine:
    facts = ServerFacts(context_tokens=CONTEXT_TOKENS, markers=frozenset({"{{turn}}"}))
    return engine_on(server.url, token="sk-secret", server=facts)
