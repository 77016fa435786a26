"""`GET /fhir/AuditEvent`: who finds what, a page at a time; every use is in the record first."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from fhir.resources.R4B import get_fhir_model_class

from audit.domain import Outcome
from audit.ledger.reading import Query, tokens_for
from audit.ledger.subjects import shred
from audit.services import recorded_since
from compliance.access.models import Account
from tests.compliance.officer.conftest import SignedIn
from tests.recording import ask

URL = "/fhir/AuditEvent"
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def found(client: Client, **parameters: str) -> list[dict[str, Any]]:
    bundle = client.get(URL, parameters).json()
    return [entry["resource"] for entry in bundle.get("entry", [])]


def actors(documents: list[dict[str, Any]]) -> list[str]:
    """Return who acted, but for the officer, whose searches are events too."""
    names = [document["agent"][0]["name"] for document in documents]
    return [name for name in names if name != "olga"]


def pages(client: Client, **parameters: str) -> Iterator[list[dict[str, Any]]]:
    address = URL + "?" + "&".join(f"{name}={quote(value)}" for name, value in parameters.items())
    while address:
        bundle = client.get(address).json()
        yield [entry["resource"] for entry in bundle.get("entry", [])]
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        parts = urlsplit(links.get("next", ""))
        address = f"{parts.path}?{parts.query}" if parts.path else ""


def test_a_bundle_of_type_searchset_is_valid_fhir(signed_in: SignedIn) -> None:
    ask()
    response = signed_in("olga").get(URL, {"patient": "af-ckd", "action": "R"})
    assert response.headers["Content-Type"] == "application/fhir+json"
    assert response.headers["Cache-Control"] == "no-store"
    bundle = response.json()
    assert bundle["type"] == "searchset"
    get_fhir_model_class("Bundle").model_validate(bundle)


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"patient": "af-ckd"}, ["c", "b", "a"]),
        ({"patient": "Patient/sepsis"}, ["d"]),
        ({"patient": "nobody"}, []),
        ({"agent": "b"}, ["b"]),
        ({"agent": "urn:tacit:account|b"}, ["b"]),
        ({"agent": "urn:tacit:client|b"}, []),
        ({"outcome": "4"}, ["c"]),
        ({"outcome": "4,0", "patient": "af-ckd"}, ["c", "b", "a"]),
        ({"purpose": "BTG"}, ["d"]),
        ({"purpose": "http://terminology.hl7.org/CodeSystem/v3-ActReason|BTG"}, ["d"]),
        ({"action": "R", "agent": "a"}, ["a"]),
        ({"action": "C", "agent": "a"}, []),
        ({"action": "urn:tacit:action|ask"}, ["d", "c", "b", "a"]),
        ({"action": "urn:tacit:action|ask", "_sort": "date"}, ["a", "b", "c", "d"]),
        ({"action": "urn:tacit:action|ask", "_count": "2"}, ["d", "c"]),
        ({"date": "lt2026-01-01", "agent": "a"}, []),
        ({"date": "ge2026-01-01", "agent": "a"}, ["a"]),
    ],
)
def test_what_is_found(signed_in: SignedIn, parameters: dict[str, str], names: list[str]) -> None:
    ask(actor="a")
    ask(actor="b")
    ask(actor="c", outcome=Outcome.DENIED, reason="no-care-relationship")
    ask("sepsis", actor="d", purpose="BTG")
    assert actors(found(signed_in("olga"), **parameters)) == names


def test_the_search_is_in_the_record_before_anything_is_shown(signed_in: SignedIn) -> None:
    ask()
    found(signed_in("olga"), patient="af-ckd", date="ge2026-01-01")
    event = [*recorded_since(EPOCH)][-1].event
    assert (event.actor, event.action, event.patient_id) == ("olga", "read-audit", "af-ckd")
    assert event.detail["filters"] == ["date", "patient"]


def test_where_it_cannot_be_recorded_nothing_is_shown(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit.errors import AuditUnavailable

    def failing(_: object) -> None:
        raise AuditUnavailable("no disk")

    ask()
    client = signed_in("olga")
    monkeypatch.setattr("compliance.access.services.append", failing)
    response = client.get(URL)
    assert response.status_code == 503
    assert response.json()["issue"][0]["code"] == "transient"
    assert "af-ckd" not in response.content.decode()


def test_a_name_that_is_no_patients_is_not_written_down(signed_in: SignedIn) -> None:
    found(signed_in("olga"), patient="Zebedee.Quarrington")
    assert [*recorded_since(EPOCH)][-1].event.patient_id == ""


@pytest.mark.parametrize("username", ["alma", "ravi", "ada"])
def test_only_the_officer_reads_and_an_attempt_is_recorded(signed_in: SignedIn, username: str) -> None:
    ask()
    response = signed_in(username).get(URL)
    assert response.status_code == 403
    assert response.json()["issue"][0]["code"] == "forbidden"
    event = [*recorded_since(EPOCH)][-1].event
    assert (event.actor, event.action, event.outcome) == (username, "read-audit", Outcome.DENIED)


def test_without_an_account_nothing_is_shown(db: None) -> None:
    response = Client().get(URL)
    assert response.status_code in {401, 403}
    assert response.json()["issue"][0]["code"] == "login"


@pytest.mark.parametrize(
    "parameters",
    [
        {"nonsense": "1"},
        {"patient": "a b"},
        {"patient": "x" * 65},
        {"agent": "urn:other|a"},
        {"date": "soon"},
        {"action": "X"},
        {"action": "urn:tacit:action|nonsense"},
        {"outcome": "5"},
        {"purpose": "urn:other|TREAT"},
        {"_count": "0"},
        {"_count": "201"},
        {"_count": "-1"},
        {"_count": "1e3"},
        {"_sort": "patient"},
        {"_cursor": "nonsense"},
        {"_cursor": "\u00e4"},
        {"agent": "a\x00b"},
        {"agent": "a" * 201},
        {"patient": ["a", "b"]},
        {"_cursor": "x", "patient": "a"},
    ],
)
def test_bad_input_is_an_operation_outcome_that_does_not_repeat_it(
    signed_in: SignedIn, parameters: dict[str, Any]
) -> None:
    response = signed_in("olga").get(URL, parameters)
    assert response.status_code == 400
    outcome = response.json()
    assert outcome["resourceType"] == "OperationOutcome"
    get_fhir_model_class("OperationOutcome").model_validate(outcome)
    assert "nonsense" not in outcome["issue"][0]["diagnostics"]


@pytest.mark.parametrize("sort", ["date", "-date"])
def test_pages_hold_every_event_once_and_name_no_patient_in_their_address(
    signed_in: SignedIn, sort: str
) -> None:
    for number in range(7):
        ask(actor=f"clinician-{number}")
    client = signed_in("olga")
    first = client.get(URL, {"patient": "af-ckd", "agent": "clinician-1"}).json()
    assert [link["relation"] for link in first["link"]] == ["self"]
    together = list(pages(client, patient="af-ckd", action="urn:tacit:action|ask", _count="3", _sort=sort))
    assert [len(page) for page in together] == [3, 3, 1]
    names = [name for page in together for name in actors(page)]
    expected = [f"clinician-{number}" for number in range(7)]
    assert names == (expected if sort == "date" else expected[::-1])
    bundle = client.get(URL, {"patient": "af-ckd", "_count": "1"}).json()
    assert "af-ckd" not in json.dumps(bundle["link"])


def test_events_of_the_same_moment_are_paged_too(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = timezone.now()
    with monkeypatch.context() as still:
        still.setattr("audit.services.timezone.now", lambda: moment)
        for number in range(5):
            ask(actor=f"clinician-{number}")
    together = [*pages(signed_in("olga"), patient="af-ckd", action="urn:tacit:action|ask", _count="2")]
    names = [name for page in together for name in actors(page)]
    assert names == [f"clinician-{number}" for number in range(4, -1, -1)]


def test_what_is_recorded_between_two_pages_moves_nothing(signed_in: SignedIn) -> None:
    for number in range(4):
        ask(actor=f"clinician-{number}")
    names = []
    for page in pages(signed_in("olga"), action="urn:tacit:action|ask", _count="2"):
        names += actors(page)
        ask(actor="late")
    assert names == ["clinician-3", "clinician-2", "clinician-1", "clinician-0"]


def _cursor(client: Client) -> str:
    bundle = client.get(URL, {"_count": "1"}).json()
    [address] = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
    return str(address.partition("_cursor=")[2])


def test_a_changed_cursor_is_refused_wherever_it_was_changed(signed_in: SignedIn) -> None:
    ask()
    ask()
    client = signed_in("olga")
    cursor = _cursor(client)
    for place in range(0, len(cursor), 7):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert client.get(URL, {"_cursor": changed}).status_code == 400
    assert client.get(URL, {"_cursor": cursor[:-4]}).status_code == 400
    assert client.get(URL, {"_cursor": cursor}).status_code == 200


def test_a_cursor_is_its_own_officers(signed_in: SignedIn) -> None:
    ask()
    ask()
    cursor = _cursor(signed_in("olga"))
    assert signed_in("otto").get(URL, {"_cursor": cursor}).status_code == 400


def test_a_cursor_grows_old(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    ask()
    client = signed_in("olga")
    cursor = _cursor(client)
    monkeypatch.setattr("compliance.officer.fhir.cursor.VALID_FOR", timedelta(0))
    assert client.get(URL, {"_cursor": cursor}).status_code == 400


def test_the_search_by_post_finds_the_same(signed_in: SignedIn) -> None:
    ask(actor="a")
    form = "patient=af-ckd&date=ge2026-01-01&date=lt2999-01-01&action=R"
    response = signed_in("olga").post(
        f"{URL}/_search", form, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    assert actors([entry["resource"] for entry in response.json()["entry"]]) == ["a"]
    assert signed_in("alma").post(f"{URL}/_search", {"patient": "x"}).status_code in {403, 415}


def test_a_post_without_its_token_is_refused(officers: dict[str, Account]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(officers["olga"])
    response = client.post(f"{URL}/_search", "patient=a", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 403


def test_of_a_shredded_patient_the_event_stays_and_the_name_is_masked(signed_in: SignedIn) -> None:
    ask("zebedee", actor="a")
    query = Query(since=EPOCH, until=timezone.now())
    assert shred(tokens_for("patient", "zebedee", query)) == 1
    bundle = signed_in("olga").get(URL, {"agent": "a"}).json()
    get_fhir_model_class("Bundle").model_validate(bundle)
    assert "zebedee" not in json.dumps(bundle)
    what = bundle["entry"][0]["resource"]["entity"][0]["what"]
    assert what["_reference"]["extension"][0]["valueCode"] == "masked"
