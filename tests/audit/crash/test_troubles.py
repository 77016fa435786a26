"""A full disk, a clock that steps back, a fork in the middle: what was told to be written is there, and whole."""

import pytest

from audit.benchmark.databases import Database
from tests.audit.crash.processes import content, finished

pytestmark = pytest.mark.database


def test_a_full_disk_refuses_whole_events_and_writing_goes_on_afterwards(ledger: Database) -> None:
    said = finished(ledger, "filling")[1:]
    assert said.count("refused") == 3
    assert "refused" not in said[-3:]
    assert [entry["id"] for entry in content(ledger)] == [line for line in said if line != "refused"]


def test_a_ledger_whose_clock_stepped_back_is_whole(ledger: Database) -> None:
    written = finished(ledger, "clocks")[1:]
    held = content(ledger)
    assert [entry["id"] for entry in held] == written
    assert len({entry["key"].split("/")[1] for entry in held}) == 3


def test_a_forked_process_is_another_writer_with_a_data_key_of_its_own(ledger: Database) -> None:
    by_process: dict[str, set[str]] = {"parent": set(), "child": set()}
    for line in finished(ledger, "forking")[1:]:
        who, event_id = line.split()
        by_process[who].add(event_id)
    held = {entry["id"]: entry for entry in content(ledger)}
    assert len(held) == 15
    for secret in ("writer", "key"):
        parent, child = ({held[each][secret] for each in by_process[who]} for who in ("parent", "child"))
        assert len(parent) == len(child) == 1
        assert parent != child
