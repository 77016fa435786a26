"""ESearch, EPost and EFetch against a server that answers, limits and fails as NCBI's does."""

import logging
from collections.abc import Callable
from datetime import date

import pytest

from clinical.evidence.sync.egress import EVERY_RECORD, RETRACTED, DeidentifiedQuery
from clinical.evidence.sync.errors import (
    AnswerUnusable,
    ApiKeyRefused,
    EutilsError,
    EutilsRefused,
    EutilsUnreachable,
    HistoryExpired,
)
from clinical.evidence.sync.eutils.answers import History, Passing
from clinical.evidence.sync.eutils.client import DateType, Eutils, Period
from tests.clinical.evidence.sync.conftest import Written
from tests.clinical.evidence.sync.eutils_server import Fault, Server
from tests.clinical.evidence.sync.library import Article, articles

HEART = DeidentifiedQuery("heart failure[tiab]")
CANARY = DeidentifiedQuery("zebrafish[tiab] AND canary[tiab]")


def text(body: bytes) -> str:
    return body.decode()


def whole(body: bytes) -> str:
    if not body.rstrip().endswith(b"</PubmedArticleSet>"):
        raise Passing("its answer was cut short")
    return body.decode()


def test_a_search_stays_on_the_history_server_and_is_fetched_from_there(
    eutils: Eutils, server: Server
) -> None:
    server.state.library.add(*articles(range(1, 8)), Article("9", title="Asthma.", abstract="Asthma."))
    found = eutils.search(HEART)
    assert (found.count, found.pmids) == (7, ())
    assert found.history is not None
    pages = [eutils.fetch(found.history, start=start, size=3, read=text) for start in (0, 3, 6)]
    assert [page.count("<PubmedArticle>") for page in pages] == [3, 3, 1]
    assert "".join(pages).count("<ArticleTitle>A trial of heart failure.") == 7
    assert server.state.forms("esearch")[0]["usehistory"] == "y"


def test_a_search_names_its_period_and_gives_the_first_pmids(eutils: Eutils, server: Server) -> None:
    server.state.library.add(
        *articles([1, 2], added_on=date(2021, 5, 1)), *articles([3], added_on=date(2022, 5, 1))
    )
    found = eutils.search(HEART, period=Period(DateType.ADDED, date(2021, 1, 1), date(2021, 12, 31)), limit=1)
    assert (found.count, found.pmids) == (2, ("2",))
    form = server.state.forms("esearch")[0]
    assert (form["datetype"], form["mindate"], form["maxdate"]) == ("edat", "2021/01/01", "2021/12/31")


def test_posted_pmids_are_searched_within(eutils: Eutils, server: Server) -> None:
    server.state.library.add(*articles([1, 2, 3]), *articles([4], types=("Retracted Publication",)))
    history = eutils.post(["2", "4", "77"])
    assert set(eutils.search(EVERY_RECORD, within=history, limit=10).pmids) == {"2", "4"}
    assert eutils.search(RETRACTED, within=history, limit=10).pmids == ("4",)
    assert server.state.forms("esearch")[1]["term"] == "#1 AND (retracted publication[pt] OR hasretractionin)"


def test_ncbi_is_told_who_asks_and_the_key_stands_in_no_address(
    eutils_with: Callable[..., Eutils], server: Server
) -> None:
    eutils_with(api_key=server.state.known_key).search(HEART)
    request = server.state.requests[0]
    assert request.form["tool"] == "tacit"
    assert request.form["email"] == "library@hospital.example"
    assert request.form["api_key"] == server.state.known_key
    assert request.path == "/entrez/eutils/esearch.fcgi"


@pytest.mark.parametrize(
    "fault",
    [
        "500",
        "503",
        "429",
        "page",
        "backend",
        "backend-400",
        "rate-200",
        "broken",
        "cut",
        "slow",
        "empty",
        "dripping",
    ],
)
def test_what_passes_is_tried_again(fault: str, eutils: Eutils, server: Server) -> None:
    server.state.library.add(*articles([1, 2]))
    server.state.faults = [Fault(fault)]
    assert eutils.search(HEART).count == 2
    assert len(server.state.requests) == 2


@pytest.mark.parametrize("fault", ["dropped", "cut", "page", "broken"])
def test_a_fetch_that_breaks_off_is_tried_again(fault: str, eutils: Eutils, server: Server) -> None:
    server.state.library.add(*articles([1, 2]))
    history = eutils.search(HEART).history
    assert history is not None
    server.state.faults = [Fault(fault, "efetch")]
    assert eutils.fetch(history, start=0, size=2, read=whole).count("<PubmedArticle>") == 2
    assert len(server.state.forms("efetch")) == 2


def test_it_gives_up_after_so_many_tries(eutils: Eutils, server: Server) -> None:
    server.state.faults = [Fault("500")] * 3
    with pytest.raises(EutilsUnreachable, match=r"3 tries: it answered 500"):
        eutils.search(HEART)
    assert len(server.state.requests) == 3


def test_it_does_not_wait_for_a_day(eutils: Eutils, server: Server) -> None:
    server.state.faults = [Fault("wait-a-day")]
    with pytest.raises(EutilsUnreachable):
        eutils.search(HEART)
    assert len(server.state.requests) == 1


def test_retry_after_is_waited_for(eutils: Eutils, server: Server) -> None:
    server.state.faults = [Fault("503")]
    eutils.search(HEART)
    first, second = (request.at for request in server.state.requests)
    assert second - first >= 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("redirect", EutilsRefused),
        ("refused", EutilsRefused),
        ("query-gone", HistoryExpired),
        ("other-shape", AnswerUnusable),
        ("huge", AnswerUnusable),
    ],
)
def test_what_stays_wrong_is_not_tried_again(
    fault: str, error: type[EutilsError], eutils: Eutils, server: Server
) -> None:
    server.state.faults = [Fault(fault)]
    with pytest.raises(error):
        eutils.search(HEART)
    assert len(server.state.requests) == 1


def test_a_forgotten_history_says_so(eutils: Eutils, server: Server) -> None:
    server.state.library.add(*articles([1]))
    history = eutils.search(HEART).history
    assert history is not None
    server.state.forget_histories()
    with pytest.raises(HistoryExpired):
        eutils.fetch(history, start=0, size=1, read=text)
    with pytest.raises(HistoryExpired):
        eutils.search(EVERY_RECORD, within=history)


def test_pubmed_gives_no_more_than_its_first_9999_records(eutils: Eutils, server: Server) -> None:
    web_env, key = server.state.remember([str(number) for number in range(20_000)])
    with pytest.raises(EutilsRefused, match="narrower"):
        eutils.fetch(History(web_env, key), start=9_999, size=1, read=text)


def test_an_unknown_key_is_named_as_the_reason_and_not_shown(
    eutils_with: Callable[..., Eutils], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ApiKeyRefused, match="TACIT_NCBI_API_KEY") as error:
        eutils_with(api_key="secret-key-canary").search(HEART)
    assert "secret-key-canary" not in f"{error.value!r}{caplog.text}"


def test_neither_log_nor_message_holds_query_or_key(
    eutils_with: Callable[..., Eutils], server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    eutils = eutils_with(api_key=server.state.known_key)
    messages = []
    for fault in ("429", "500", "refused", "page", "broken", "cut", "other-shape"):
        server.state.faults = [Fault(fault)] * 3
        with pytest.raises(EutilsError) as error:
            eutils.search(CANARY)
        messages.append(f"{error.value} {error.value!r} {error.value.__cause__!r}")
    said = caplog.text + "".join(messages)
    assert "trying again" in said
    assert all(word not in said for word in ("zebrafish", "canary", server.state.known_key))
    assert server.state.known_key not in repr(eutils)


def test_every_request_is_written_down_before_it_is_sent(
    eutils: Eutils, server: Server, written: Written
) -> None:
    seen: list[int] = []
    server.state.on_request = lambda _request: seen.append(len(written.outgoing))
    server.state.library.add(*articles([1, 2]))
    found = eutils.search(HEART)
    assert found.history is not None
    eutils.fetch(found.history, start=0, size=2, read=text)
    eutils.post(["1", "2"])
    assert seen == [1, 2, 3]
    assert [(each.tool, each.query, each.size) for each in written.outgoing] == [
        ("esearch", "heart failure[tiab]", 0),
        ("efetch", "", 2),
        ("epost", "", 2),
    ]
    assert len(written.outgoing[2].sha256) == 64
