"""An E-utilities server on loopback, and a client of it that is not patient."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest
import redis
from django.conf import settings

from clinical.evidence.sync.eutils.client import Eutils, Identity, Outgoing
from clinical.evidence.sync.eutils.pace import Pace
from clinical.evidence.sync.eutils.sending import Limits, Sender, new_client
from tests.clinical.evidence.sync.eutils_server import Server, running_server

HASTY = Limits(
    attempts=3,
    connect_seconds=2,
    silence_seconds=0.6,
    request_seconds=1,
    first_pause_seconds=0.01,
    longest_pause_seconds=0.05,
    longest_asked_pause_seconds=5,
    largest_bytes=2_000_000,
)


class Written:
    """A recorder that remembers."""

    def __init__(self) -> None:
        self.outgoing: list[Outgoing] = []

    @contextmanager
    def __call__(self, outgoing: Outgoing) -> Iterator[None]:
        self.outgoing.append(outgoing)
        yield


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running
        assert running.state.errors == []


@pytest.fixture
def pace(redis_server: None) -> Iterator[Pace]:
    """A rate of its own that never makes a test wait."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield Pace(client=client, name=uuid4().hex, places=1_000, lease_seconds=5)


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
def eutils(server: Server, pace: Pace, written: Written) -> Iterator[Eutils]:
    with new_client(HASTY, is_here=True) as client:
        yield Eutils(
            Sender(client, server.address, pace, HASTY), Identity(email="library@hospital.example"), written
        )


@pytest.fixture
def eutils_with(eutils: Eutils) -> Callable[..., Eutils]:
    """The client with other limits, or another key."""

    def changed(*, api_key: str = "", **limits: object) -> Eutils:
        sender = replace(eutils.sender, limits=replace(HASTY, **limits))  # type: ignore[arg-type]  # by field
        return replace(eutils, sender=sender, identity=replace(eutils.identity, api_key=api_key))

    return changed
