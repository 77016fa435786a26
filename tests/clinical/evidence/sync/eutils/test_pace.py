"""The shared rate: real Redis, real processes, and a server that counts."""

import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from clinical.evidence.sync.errors import PaceUnavailable
from clinical.evidence.sync.eutils.pace import Pace
from tests.clinical.evidence.sync.eutils_server import Server

ROOT = Path(__file__).resolve().parents[5]


@pytest.mark.parametrize(("places", "has_key", "each"), [(3, False, 2), (10, True, 6)])
def test_four_processes_together_never_exceed_the_rate(
    places: int, has_key: bool, each: int, server: Server, redis_server: None
) -> None:
    server.state.limits_rate = True
    name, key = uuid4().hex, server.state.known_key if has_key else ""
    command = [
        sys.executable,
        "-m",
        "tests.clinical.evidence.sync.eutils.worker",
        settings.REDIS_URL,
        server.address,
    ]
    workers = [subprocess.Popen([*command, name, key, str(each)], cwd=ROOT) for _ in range(4)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0, 0]
    arrivals = sorted(request.at for request in server.state.requests)
    assert len(arrivals) == 4 * each
    assert all(later - earlier > 1 for earlier, later in zip(arrivals, arrivals[places:], strict=False))
    assert server.state.refused == 0
    # ... and the rate is used: no more than half a second is lost for each second that it takes.
    assert arrivals[-1] - arrivals[0] < 1.5 * (4 * each / places)


def test_a_place_is_free_again_a_second_after_the_answer(pace: Pace) -> None:
    one = replace(pace, places=1)
    with one.place():
        time.sleep(0.2)
    answered = time.monotonic()
    with one.place():
        assert time.monotonic() - answered > 0.99


def test_a_worker_that_dies_gives_its_place_back_in_the_end(pace: Pace) -> None:
    one = replace(pace, places=1, lease_seconds=0.3)
    dead = one.place()
    dead.__enter__()
    began = time.monotonic()
    with one.place():
        assert 0.25 < time.monotonic() - began < 1


def test_a_rest_holds_every_worker_back(pace: Pace) -> None:
    began = time.monotonic()
    pace.rest(0.5)
    waited: list[float] = []

    def work() -> None:
        with pace.place():
            waited.append(time.monotonic() - began)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(waited) == 3
    assert min(waited) > 0.4  # since the rest began: a thread may start late


def test_without_redis_nothing_is_sent(pace: Pace) -> None:
    with redis.Redis(unix_socket_path="/nowhere/redis.sock", retry=Retry(NoBackoff(), 0)) as nobody:
        alone = replace(pace, client=nobody)
        with pytest.raises(PaceUnavailable, match="Nothing was sent"), alone.place():
            pytest.fail("a place was given")
