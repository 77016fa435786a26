"""The benchmark measures what it says, on databases of its own, and fails aloud."""

import json
import os
from collections import Counter
from itertools import islice
from typing import Any

import pytest

from audit.balp.actions import ACTIONS
from audit.benchmark.children import children
from audit.benchmark.databases import Database, sqlite_database
from audit.benchmark.errors import BenchmarkFailed
from audit.benchmark.running import run_audit_benchmark
from audit.benchmark.throughput import percentile
from audit.benchmark.workload import PATIENTS, events


def test_the_load_is_of_several_hundred_patients_and_the_same_for_the_same_seed() -> None:
    load = list(islice(events(1), 5000))
    assert load == list(islice(events(1), 5000))
    assert load != list(islice(events(2), 5000))
    patients = Counter(event.patient_id for event in load if event.patient_id)
    assert 200 < len(patients) <= PATIENTS
    assert {event.action for event in load} < set(ACTIONS)
    assert {event.outcome for event in load} == {"success", "denied"}


@pytest.mark.parametrize(("share", "expected"), [(0, 1), (0.5, 51), (0.95, 96), (1, 100)])
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected


def test_a_process_that_fails_is_named_with_its_error(tmp_path: Any) -> None:
    ledger = Database(tmp_path, "mysql-that-nobody-has://127.0.0.1/none")
    with pytest.raises(BenchmarkFailed, match="sealing failed"), children("sealing", [()], ledger):
        pass


def test_nothing_of_the_installation_reaches_the_throw_away_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACIT_AUDIT_KEYS", "vault")
    monkeypatch.setenv("TACIT_AUDIT_SIGNING_KEY", "/etc/tacit/signing-key.json")
    monkeypatch.setenv("FHIR_BEARER_TOKEN", "a real one")
    with sqlite_database() as database:
        environment = database.environment()
        assert environment["TACIT_AUDIT_KEYS"] == "file"
        assert environment["TACIT_AUDIT_SIGNING_KEY"] == environment["FHIR_BEARER_TOKEN"] == ""
        assert environment["TACIT_HOME"] == str(database.home) != os.environ["TACIT_HOME"]
        assert (database.home / "tacit.sqlite3").is_file()
    assert not database.home.exists()


@pytest.mark.slow
@pytest.mark.database
@pytest.mark.timeout(300)
def test_a_short_run_measures_everything_and_gives_a_million_no_figure() -> None:
    said: list[str] = []
    document = run_audit_benchmark(
        events=2000, seconds=1, on_progress=said.append, postgresql=os.environ.get("DATABASE_URL", "")
    )
    json.dumps(document)
    assert said
    assert document["search_million_ms"] is None
    assert document["verify_million_seconds"] is None
    assert document["large"]["events"] == 2000
    assert 0 < document["large"]["search_p50_ms"] <= document["large"]["search_p95_ms"]
    assert document["large"]["verify_seconds"] > 0
    for name in ("sqlite", "django_auditlog", "naive_hash_chain", "postgresql"):
        assert document[f"{name}_events_per_second"] > 0
    assert document["append_p95_ms"] == max(
        document["sqlite_append_p95_ms"], document["postgresql_append_p95_ms"]
    )
