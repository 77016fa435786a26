"""SIGKILL at any moment: what was told to be written is there, once, and the ledger is whole."""

import random
import time
from collections import Counter

import pytest

from audit.benchmark.databases import Database
from tests.audit.crash.processes import content, running

pytestmark = pytest.mark.database


def kill_once(ledger: Database, chance: random.Random) -> list[str]:
    """Let two writers and a sealer work, kill them one by one, and return what was said to be written."""
    commands = [("writing", str(chance.randrange(10**6))), ("writing", str(chance.randrange(10**6)))]
    written: list[str] = []
    with running(ledger, [*commands, ("sealing",)]) as (*writers, sealer):
        for writer in writers:
            written += writer.lines(2)
        for victim in chance.sample([*writers, sealer], 3):
            time.sleep(chance.uniform(0, 0.3))
            lines = victim.kill()
            written += lines if victim is not sealer else []
    return written


def check_kills(ledger: Database, rounds: int, seed: int) -> None:
    chance, written = random.Random(seed), []
    for _ in range(rounds):
        written += kill_once(ledger, chance)
        held = Counter(entry["id"] for entry in content(ledger))
        assert set(written) <= set(held)
        assert max(held.values()) == 1


def test_no_committed_event_is_lost_and_none_is_sealed_twice(ledger: Database) -> None:
    check_kills(ledger, rounds=1, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(2, 6))
def test_none_is_lost_over_many_kills(ledger: Database, seed: int) -> None:
    check_kills(ledger, rounds=6, seed=seed)


@pytest.mark.parametrize("second", [("sealing",), ("sealing", "reckless")])
def test_two_sealers_at_once_seal_nothing_twice(ledger: Database, second: tuple[str, ...]) -> None:
    with running(ledger, [("writing", "7"), ("sealing",), second]) as (writer, first, other):
        written = writer.lines(40)
        said, others = first.lines(1), other.lines(1)  # both have come to it
        written += writer.kill()
        said, others = said + first.kill(), others + other.kill()
    assert "sealed" in said + others
    if second == ("sealing",):
        assert "busy" in said + others
    held = [entry["id"] for entry in content(ledger)]
    assert len(held) == len(set(held))
    assert set(written) <= set(held)
