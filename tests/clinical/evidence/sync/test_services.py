"""A sync from end to end: the guard, the record, the server, the index, and what a kill leaves."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from audit.domain import Event, Outcome
from audit.errors import AuditUnavailable
from audit.services import BEGINNING_OF_TIME, append, recorded_since
from clinical.evidence.corpora.catalogue import find_corpus
from clinical.evidence.corpora.intake import Intake, put_all
from clinical.evidence.corpora.removal import remove_corpus
from clinical.evidence.domain import Retraction
from clinical.evidence.errors import CorpusInvalid, IndexBusy
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.sync import updating
from clinical.evidence.sync.errors import (
    AddressRefused,
    EutilsUnreachable,
    HistoryExpired,
    LargeJobRefused,
    NothingSaved,
    QueryRefused,
    SyncStateUnreadable,
    SyncSwitchedOff,
)
from clinical.evidence.sync.services import check_retractions, plan, sync_query, sync_saved
from clinical.evidence.sync.updating import Wishes
from compliance.access.domain import Actor
from compliance.access.models import Account
from compliance.errors import AccessDenied
from tests.audit.conftest import without_entries  # noqa: F401 - a fixture
from tests.clinical.evidence.corpus import make_article
from tests.clinical.evidence.sync.conftest import HASTY
from tests.clinical.evidence.sync.eutils_server import Fault, Server
from tests.clinical.evidence.sync.library import Article, articles

QUERY = "heart failure[tiab]"
NOW = Wishes()


@pytest.fixture
def home(
    server: Server, settings: Any, tmp_path: Path, redis_server: None, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An installation that may sync with the server, quickly."""
    settings.TACIT_SYNC = True
    settings.TACIT_EUTILS_URL = server.address
    settings.TACIT_NCBI_EMAIL = "library@hospital.example"
    settings.TACIT_NCBI_API_KEY = server.state.known_key
    settings.TACIT_EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.TACIT_EVIDENCE_FOLDER.mkdir()
    monkeypatch.setattr("clinical.evidence.sync.configured.Limits", lambda: HASTY)
    monkeypatch.setattr("clinical.evidence.sync.configured.WITH_KEY", 1_000)
    return tmp_path / "evidence"


@pytest.fixture
def ravi(cast: dict[str, Account]) -> Actor:
    return cast["ravi"].actor


def run(
    actor: Actor, query: str = QUERY, *, since: date | None = None, **wishes: Any
) -> updating.UpdateReport:
    return sync_query(actor, query, corpus="pubmed", since=since, wishes=Wishes(**wishes))


def events() -> list[Event]:
    return [each.event for each in recorded_since(BEGINNING_OF_TIME) if each.event.action == "sync-evidence"]


def days_ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


def put(home: Path, *pmids: int, **changes: object) -> None:
    sources = [make_article("Text.", id=f"pmid:{pmid}", pmid=str(pmid), **changes) for pmid in pmids]
    with Intake(home) as intake:
        put_all(intake, sources)


def test_what_a_query_finds_is_in_the_corpus(home: Path, ravi: Actor, server: Server) -> None:
    server.state.library.add(*articles(range(1, 451)), Article("999", title="Asthma.", abstract="Asthma."))
    report = run(ravi)
    assert (report.found, report.added, report.is_complete) == (450, 450, True)
    assert [form["retmax"] for form in server.state.forms("efetch")] == ["200", "200", "50"]
    source = EvidenceIndex(home).read("pmid:7")
    assert source.corpus == "pubmed"
    assert source.retraction is Retraction.NOT_RETRACTED
    assert source.retraction_checked_on == days_ago(0)
    assert EvidenceIndex(home).size == 450
    assert find_corpus(home, "pubmed").date == days_ago(0)


def test_another_corpus_has_ids_of_its_own(home: Path, ravi: Actor, server: Server) -> None:
    server.state.library.add(*articles([1]))
    sync_query(ravi, QUERY, corpus="heart", since=None, wishes=NOW)
    assert EvidenceIndex(home).read("heart/pmid:1").corpus == "heart"
    with pytest.raises(CorpusInvalid):
        sync_query(ravi, QUERY, corpus="../x", since=None, wishes=NOW)


def test_a_refresh_asks_only_for_what_changed(home: Path, ravi: Actor, server: Server) -> None:
    server.state.library.add(*articles([1, 2, 3]))
    run(ravi)
    server.state.library.add(
        Article("2", title="A revised trial of heart failure.", changed_on=days_ago(0)),
        Article("4", added_on=days_ago(0), changed_on=days_ago(0)),
    )
    [report] = sync_saved(ravi, corpus=None, wishes=NOW)
    assert (report.found, report.added, report.updated) == (2, 1, 1)
    form = server.state.forms("esearch")[-1]
    assert (form["datetype"], form["mindate"]) == ("mdat", f"{days_ago(1):%Y/%m/%d}")
    assert EvidenceIndex(home).read("pmid:2").title == "A revised trial of heart failure."


def test_since_leaves_out_what_is_older_at_every_refresh(home: Path, ravi: Actor, server: Server) -> None:
    old = Article("1", added_on=date(2015, 1, 1))
    server.state.library.add(old, Article("2", added_on=date(2022, 1, 1)))
    assert run(ravi, since=date(2020, 1, 1)).added == 1
    server.state.library.add(replace(old, changed_on=days_ago(0)))
    assert run(ravi, since=date(2020, 1, 1)).found == 0
    assert EvidenceIndex(home).size == 1


def test_more_than_pubmed_gives_out_is_fetched_in_periods(
    home: Path, ravi: Actor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updating, "MOST_RECORDS", 20)
    for year in range(2000, 2020):
        server.state.library.add(*articles(range(year * 10, year * 10 + 5), added_on=date(year, 3, 1)))
    report = run(ravi)
    assert (report.found, report.added, report.beyond_reach, report.is_complete) == (100, 100, 0, True)
    assert EvidenceIndex(home).size == 100


def test_what_one_day_has_too_much_of_is_counted(
    home: Path, ravi: Actor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updating, "MOST_RECORDS", 20)
    server.state.library.add(*articles(range(1, 31)))
    report = run(ravi)
    assert (report.added, report.beyond_reach) == (20, 10)


def test_a_limit_stops_and_the_next_sync_goes_on(home: Path, ravi: Actor, server: Server) -> None:
    server.state.library.add(*articles(range(1, 11)))
    first = run(ravi, limit=4)
    assert (first.fetched, first.is_complete) == (4, False)
    second = run(ravi)
    assert (second.fetched, second.is_complete) == (6, True)
    assert len(server.state.forms("esearch")) == 1
    assert EvidenceIndex(home).size == 10


def test_a_sync_that_broke_off_goes_on_where_it_was(
    home: Path, ravi: Actor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updating, "RECORDS_PER_FETCH", 5)
    server.state.library.add(*articles(range(1, 16)))
    fetched: list[int] = []

    def die(done: int, _total: int) -> None:
        fetched.append(done)
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(ravi, progress=die)
    assert EvidenceIndex(home).size == 10
    assert run(ravi).fetched == 10  # the batch whose position was not saved comes again
    assert EvidenceIndex(home).size == 15
    assert len(server.state.forms("esearch")) == 1


def test_an_expired_history_is_searched_again(home: Path, ravi: Actor, server: Server) -> None:
    server.state.library.add(*articles(range(1, 11)))
    run(ravi, limit=4)
    server.state.forget_histories()
    assert run(ravi).is_complete
    assert len(server.state.forms("esearch")) == 2
    assert EvidenceIndex(home).size == 10


def test_a_history_that_always_expires_ends_the_sync(home: Path, ravi: Actor, server: Server) -> None:
    server.state.library.add(*articles([1]))
    server.state.faults = [Fault("query-gone", "efetch")] * 9
    with pytest.raises(HistoryExpired):
        run(ravi)


def test_a_failure_keeps_what_came_and_says_so(
    home: Path, ravi: Actor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updating, "RECORDS_PER_FETCH", 5)
    server.state.library.add(*articles(range(1, 11)))

    def stumble(done: int, _total: int) -> None:
        server.state.faults = [Fault("500", "efetch")] * 9 if done == 5 else []

    with pytest.raises(EutilsUnreachable, match="goes on"):
        run(ravi, progress=stumble)
    assert EvidenceIndex(home).size == 5
    server.state.faults = []
    assert run(ravi).fetched == 5


def test_an_index_made_anew_is_filled_again(home: Path, ravi: Actor, server: Server) -> None:
    server.state.library.add(*articles([1, 2]))
    run(ravi)
    (home / "format").write_text("an older format", encoding="utf-8")
    [report] = sync_saved(ravi, corpus=None, wishes=NOW)
    assert report.added == 2


def test_a_removed_corpus_is_not_brought_back(home: Path, ravi: Actor, server: Server) -> None:
    server.state.library.add(*articles([1]))
    sync_query(ravi, QUERY, corpus="heart", since=None, wishes=NOW)
    remove_corpus(home, "heart")
    with pytest.raises(NothingSaved):
        list(sync_saved(ravi, corpus=None, wishes=NOW))
    report = sync_query(ravi, QUERY, corpus="heart", since=None, wishes=NOW)
    assert report.added == 1


# What leaves.


def test_nothing_is_sent_while_the_sync_is_switched_off(
    home: Path, ravi: Actor, server: Server, settings: Any
) -> None:
    settings.TACIT_SYNC = False
    for attempt in (lambda: run(ravi), lambda: check_retractions(ravi, wishes=NOW)):
        with pytest.raises(SyncSwitchedOff, match="TACIT_SYNC=on"):
            attempt()
    with pytest.raises(SyncSwitchedOff):
        list(sync_saved(ravi, corpus=None, wishes=NOW))
    assert server.state.requests == []
    assert events() == []


def test_nothing_is_sent_of_a_query_that_the_guard_refuses(
    home: Path, ravi: Actor, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(QueryRefused):
        run(ravi, "gout in Boris Petrov born 3/14/1950")
    assert server.state.requests == []
    [refusal] = events()
    assert (refusal.outcome, refusal.reason) == (Outcome.DENIED, "egress-guard")
    assert refusal.detail["size"] >= 3  # type: ignore[operator]  # an integer detail
    assert "Petrov" not in caplog.text + str(refusal)
    assert not (home / "sync.json").exists()


@pytest.mark.parametrize("address", ["http://eutils.example/", "ftp://x/", "https://user:pw@x/", "https://"])
def test_nothing_is_sent_to_an_address_without_tls(
    address: str, home: Path, ravi: Actor, settings: Any
) -> None:
    settings.TACIT_EUTILS_URL = address
    with pytest.raises(AddressRefused, match="Nothing was sent") as error:
        run(ravi)
    assert "pw" not in str(error.value)


def test_a_role_that_may_not_sync_sends_nothing(home: Path, cast: dict[str, Account], server: Server) -> None:
    for name in ("alma", "olga"):
        with pytest.raises(AccessDenied):
            run(cast[name].actor)
    assert [event.outcome for event in events()] == [Outcome.DENIED, Outcome.DENIED]
    assert server.state.requests == []


def test_each_request_is_in_the_record_before_it_is_sent(
    home: Path, ravi: Actor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.state.library.add(*articles([1, 2]))
    written: list[Event] = []

    def note(event: Event) -> UUID:
        event_id = append(event)
        written.append(event)
        return event_id

    monkeypatch.setattr("compliance.access.services.append", note)
    recorded: list[int] = []
    server.state.on_request = lambda _request: recorded.append(len(written))
    run(ravi)
    assert recorded == [1, 2]
    search, fetch = events()
    assert (search.actor, search.role, search.outcome) == ("ravi", "reviewer", Outcome.SUCCESS)
    assert search.detail == {
        "host": "127.0.0.1",
        "tool": "esearch",
        "query": QUERY,
        "since": "1800/01/01",
        "until": f"{days_ago(0):%Y/%m/%d}",
    }
    assert fetch.detail == {"host": "127.0.0.1", "tool": "efetch", "size": 2}


def test_a_request_that_failed_is_in_the_record_as_such(home: Path, ravi: Actor, server: Server) -> None:
    server.state.faults = [Fault("refused")]
    with pytest.raises(Exception, match="does not take the request"):
        run(ravi)
    assert [(event.outcome, event.reason) for event in events()] == [
        (Outcome.SUCCESS, ""),
        (Outcome.FAILED, "EutilsRefused"),
    ]


@pytest.mark.usefixtures("without_entries")
def test_without_the_record_nothing_is_sent(home: Path, ravi: Actor, server: Server) -> None:
    with pytest.raises(AuditUnavailable):
        run(ravi)
    assert server.state.requests == []


def test_no_key_in_log_state_or_record(
    home: Path, ravi: Actor, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.state.library.add(*articles([1]))
    server.state.faults = [Fault("429"), Fault("500")]
    run(ravi)
    assert server.state.forms("esearch")[0]["api_key"] == server.state.known_key
    kept = "".join(file.read_text(errors="replace") for file in home.rglob("*") if file.is_file())
    assert server.state.known_key not in caplog.text + kept + str(events())
    assert "heart" not in caplog.text


# Large jobs, plans, states.

MONDAY_NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 17, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def stand(moment: datetime) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # no time zone but UTC here
                return moment

        monkeypatch.setattr(updating, "datetime", Clock)

    return stand


def test_a_large_job_waits_for_ncbis_night(
    home: Path, ravi: Actor, server: Server, at: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updating, "RECORDS_PER_FETCH", 1)
    server.state.library.add(*articles(range(1, 102)))
    at(MONDAY_NOON)
    with pytest.raises(LargeJobRefused, match=r"next from 2026-11-23 21:00 EST.*--now"):
        run(ravi)
    assert server.state.forms("efetch") == []
    assert run(ravi, limit=2).fetched == 2
    at(SATURDAY)
    assert run(ravi, limit=3).fetched == 3
    at(MONDAY_NOON)
    monkeypatch.setattr(updating, "RECORDS_PER_FETCH", 200)
    assert run(ravi, now=True).is_complete


def test_a_plan_sends_and_writes_nothing(home: Path, ravi: Actor, server: Server) -> None:
    made = plan(query=QUERY, corpus=None, since=None)
    assert (made.host, made.is_switched_on, made.has_key) == ("127.0.0.1", True, True)
    assert [(each.query, each.corpus) for each in made.queries] == [(QUERY, "pubmed")]
    with pytest.raises(QueryRefused):
        plan(query="gout in Boris Petrov", corpus=None, since=None)
    with pytest.raises(NothingSaved):
        plan(query=None, corpus=None, since=None)
    assert server.state.requests == []
    assert list(home.iterdir()) == []


def test_a_damaged_state_is_said_and_nothing_is_sent(home: Path, ravi: Actor, server: Server) -> None:
    (home / "sync.json").write_text('{"version": "tacit-sync 1", "queries": [', encoding="utf-8")
    with pytest.raises(SyncStateUnreadable, match=r"sync\.json"):
        run(ravi)
    assert server.state.requests == []


def test_two_syncs_do_not_meet(home: Path, ravi: Actor, server: Server) -> None:
    with Intake(home), pytest.raises(IndexBusy):
        run(ravi)
    assert server.state.requests == []


def test_the_state_on_disk_is_whole_and_readable(home: Path, ravi: Actor, server: Server) -> None:
    server.state.library.add(*articles(range(1, 6)))
    run(ravi, limit=2, since=date(2019, 1, 1))
    [saved] = json.loads((home / "sync.json").read_text(encoding="utf-8"))["queries"]
    assert (saved["query"], saved["since"], saved["run"]["position"]) == (QUERY, "2019-01-01", 2)


# Retractions.


def test_every_pmid_is_checked_and_what_was_retracted_is_marked(
    home: Path, ravi: Actor, server: Server
) -> None:
    put(home, 1, 2, 3, 4, 5)
    put(home, 6, retraction=Retraction.RETRACTED)
    server.state.library.add(
        *articles([1, 6]),
        *articles([2], types=("Journal Article", "Retracted Publication")),
        *articles([3], links=("RetractionIn",)),
        *articles([4], links=("ExpressionOfConcernIn", "ErratumIn")),
    )
    report = check_retractions(ravi, wishes=NOW)
    assert (report.checked, report.retracted, report.unknown, report.is_complete) == (6, 3, 1, True)
    assert sorted(report.newly_retracted) == ["pmid:2", "pmid:3"]
    index = EvidenceIndex(home)
    states = {pmid: index.read(f"pmid:{pmid}") for pmid in range(1, 7)}
    assert states[1].retraction is Retraction.NOT_RETRACTED
    assert states[5].retraction is Retraction.UNKNOWN  # PubMed does not hold it
    assert states[5].retraction_checked_on is None
    assert states[1].retraction_checked_on == states[2].retraction_checked_on == days_ago(0)
    assert all(states[pmid].retracted for pmid in (2, 3, 6))
    assert states[4].has_concern
    assert states[4].is_corrected
    assert index.count("retracted") == 3


def test_a_copy_in_another_corpus_is_marked_too(home: Path, ravi: Actor, server: Server) -> None:
    put(home, 1, doi="10.1000/x")
    with Intake(home) as intake:
        put_all(intake, [make_article("Text.", id="own/1", corpus="own", doi="10.1000/X")])
    server.state.library.add(*articles([1], types=("Retracted Publication",)))
    check_retractions(ravi, wishes=NOW)
    assert EvidenceIndex(home).read("own/1").retracted


def test_a_check_that_was_cut_short_goes_on_with_the_rest(
    home: Path, ravi: Actor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinical.evidence.sync.retractions.PMIDS_PER_POST", 2)
    put(home, 1, 2, 3, 4, 5)
    server.state.library.add(*articles(range(1, 6)))
    first = check_retractions(ravi, wishes=Wishes(limit=2))
    assert (first.checked, first.is_complete) == (2, False)
    second = check_retractions(ravi, wishes=NOW)
    assert (second.checked, second.is_complete) == (3, True)
    assert check_retractions(ravi, wishes=NOW).checked == 0
    state = json.loads((home / "sync.json").read_text(encoding="utf-8"))
    assert state["retractions_checked_on"] == f"{days_ago(0)}"


def test_ids_go_out_in_the_record_as_their_number_and_hash(home: Path, ravi: Actor, server: Server) -> None:
    put(home, 1, 2)
    server.state.library.add(*articles([1, 2]))
    check_retractions(ravi, wishes=NOW)
    posted = events()[0]
    assert (posted.detail["tool"], posted.detail["size"]) == ("epost", 2)
    assert len(str(posted.detail["sha256"])) == 64
    assert server.state.forms("epost")[0]["id"] == "1,2"


def test_a_history_that_expires_during_a_check_is_posted_again(
    home: Path, ravi: Actor, server: Server
) -> None:
    put(home, 1)
    server.state.library.add(*articles([1]))
    server.state.faults = [Fault("query-gone", "esearch")]
    assert check_retractions(ravi, wishes=NOW).is_complete
    assert len(server.state.forms("epost")) == 2
