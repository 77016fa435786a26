"""`manage.py evidence sync` at the command line: what it prints, what it refuses, and that a dry run sends nothing."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from clinical.evidence.corpora.intake import Intake, put_all
from compliance.access.models import Account
from tests.clinical.evidence.corpus import make_article
from tests.clinical.evidence.sync.conftest import HASTY
from tests.clinical.evidence.sync.conftest import server as server
from tests.clinical.evidence.sync.eutils_server import Server
from tests.clinical.evidence.sync.library import articles

QUERY = "heart failure[tiab]"
TODAY = f"{datetime.now(UTC):%Y-%m-%d}"


@pytest.fixture
def home(
    server: Server,
    settings: Any,
    tmp_path: Path,
    redis_server: None,
    cast: dict[str, Account],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    settings.TACIT_SYNC = True
    settings.TACIT_EUTILS_URL = server.address
    settings.TACIT_NCBI_API_KEY = ""
    settings.TACIT_EVIDENCE_FOLDER = tmp_path
    monkeypatch.setattr("clinical.evidence.sync.configured.Limits", lambda: HASTY)
    monkeypatch.setattr("clinical.evidence.sync.configured.WITHOUT_KEY", 1_000)
    return tmp_path


def sync(*arguments: str) -> str:
    """What the command prints."""
    printed = StringIO()
    call_command("evidence", "sync", *arguments, stdout=printed, stderr=StringIO())
    return printed.getvalue()


def test_a_query_says_what_it_brought_and_a_bare_sync_refreshes_it(home: Path, server: Server) -> None:
    server.state.library.add(*articles([1, 2, 3]))
    assert sync("--query", QUERY) == "pubmed: 3 found, 3 fetched: 3 added\n"
    assert sync() == "pubmed: 0 found, 0 fetched: nothing new\n"


def test_json_is_one_object(home: Path, server: Server) -> None:
    server.state.library.add(*articles([1, 2, 3]))
    document = json.loads(sync("--query", QUERY, "--corpus", "heart", "--limit", "2", "--json"))
    [report] = document["queries"]
    assert (report["corpus"], report["found"], report["added"], report["is_complete"]) == (
        "heart",
        3,
        2,
        False,
    )
    document = json.loads(sync("--saved", "heart", "--json"))
    assert document["queries"][0]["added"] == 1


def test_a_check_names_what_became_retracted(home: Path, server: Server) -> None:
    with Intake(home) as intake:
        put_all(intake, [make_article("Text.", id=f"pmid:{pmid}", pmid=str(pmid)) for pmid in (1, 2)])
    server.state.library.add(*articles([1]), *articles([2], types=("Retracted Publication",)))
    assert sync("--retractions", "--dry-run").endswith("the PMIDs of up to 2 sources\n")
    expected = f"2 sources checked on {TODAY}: 1 retracted, 1 of them newly (pmid:2)\n"
    assert sync("--retractions") == expected
    document = json.loads(sync("--retractions", "--json"))["retractions"]
    assert (document["checked_on"], document["checked"], document["is_complete"]) == (TODAY, 0, True)


def test_a_dry_run_sends_nothing_and_needs_no_switch(home: Path, server: Server, settings: Any) -> None:
    settings.TACIT_SYNC = False
    said = sync("--query", QUERY, "--since", "2024-01-31", "--dry-run")
    assert "Nothing was sent. The sync is switched off: set TACIT_SYNC=on" in said
    assert f"  {QUERY}, taken in since 2024-01-31 -> pubmed" in said
    document = json.loads(sync("--query", QUERY, "--dry-run", "--json"))
    assert (document["dry_run"], document["host"], document["is_switched_on"]) == (True, "127.0.0.1", False)
    with pytest.raises(CommandError, match="Nothing was sent: capitalised word") as refused:
        sync("--query", "gout in Boris Petrov", "--dry-run")
    assert "Boris" not in str(refused.value)
    assert server.state.requests == []


def test_what_cannot_be_done_is_said(home: Path, server: Server, settings: Any) -> None:
    with pytest.raises(CommandError, match="--query QUERY"):
        sync()
    with pytest.raises(CommandError, match="name one"):
        sync("--since", "2024-01-31")
    with pytest.raises(CommandError, match="2026-01-31"):
        sync("--query", QUERY, "--since", "January")
    with pytest.raises(CommandError, match="to come"):
        sync("--query", QUERY, "--since", "2999-01-01")
    with pytest.raises(CommandError, match="at least 1"):
        sync("--query", QUERY, "--limit", "0")
    with pytest.raises(CommandError, match="--as"):
        sync("--query", QUERY, "--as", "nobody")
    with pytest.raises(CommandError, match="role"):
        sync("--query", QUERY, "--as", "alma")
    settings.TACIT_SYNC = False
    with pytest.raises(CommandError, match="TACIT_SYNC=on"):
        sync("--query", QUERY)
    assert server.state.requests == []


def test_under_json_a_refusal_is_a_problem_document(
    home: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("evidence", "sync", "--query", "gout in Boris Petrov", "--json", stdout=printed)
    assert ended.value.code == 1
    problem = json.loads(printed.getvalue())
    assert problem["type"] == "urn:tacit:problem:query-refused"
    assert "Boris" not in printed.getvalue() + capsys.readouterr().err
