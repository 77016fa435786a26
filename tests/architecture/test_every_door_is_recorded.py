"""No route and no task touches a patient's record without an event (45 CFR 164.312(b); NIST SP 800-53, AU-12).

Every route and every task stands in a table below with what it touches and what it records. Each is called: a chart
that is read, or an event of the record that is opened, before something was recorded fails the test, and so does a
table that says something else than what happens. A new route or task fails it until it is in the table.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from typing import cast as as_type

import pytest
import redis
from asgiref.sync import async_to_sync
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from audit.domain import Event, Outcome, new_event_id
from audit.models import Entry
from audit.services import BEGINNING_OF_TIME, append, recorded_since
from clinical.reviews.services import start_review
from clinical.reviews.tasks import write_review_job
from compliance.access.domain import Role
from compliance.access.models import Account
from compliance.officer.exports.domain import ExportFormat, Selection
from compliance.officer.exports.services import request_export
from compliance.officer.exports.tasks import write_export_job
from config.celery import app
from tests.audit.ledger.sealed import sealed
from tests.clinical.answers.conftest import ScriptedEngine, small_evidence  # noqa: F401 - a fixture
from tests.conftest import PASSWORD

PATIENT = "af-ckd"
QUESTION = "Should this patient be anticoagulated?"
REVIEW_QUESTION = "Is apixaban anticoagulation associated with fewer strokes in atrial fibrillation?"
CHART, RECORD = "chart", "record"
Ids = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Door:
    """One call of a route: by whom, with what; which patient data it touches, and what it must record."""

    account: str = ""
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)
    kwargs: dict[str, str] = field(default_factory=dict)
    as_json: bool = False
    touches: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    status: int = 200


def door(account: str = "", *, touches: str = "", records: str = "", **more: Any) -> Door:
    return Door(
        account=account, touches=frozenset(touches.split()), records=frozenset(records.split()), **more
    )


ASKED = {"patient": PATIENT, "question": QUESTION}
PERIOD = {"since": "2026-01-01", "until": "2030-01-01"}
# EXPORT and REVIEW are replaced by the ids of an export of olga's and a review of ravi's, SAVED by an answer to alma.
ROUTES: dict[str, list[Door]] = {
    # Patients' charts.
    "ask": [
        door("alma", touches=CHART, records="list-patients"),
        door("alma", method="post", data=ASKED, touches=CHART, records="list-patients ask answer"),
    ],
    "ask-stream": [door("alma", method="post", data=ASKED, touches=CHART, records="ask answer")],
    "queries": [door("alma", method="post", data=ASKED, as_json=True, touches=CHART, records="ask answer")],
    "patients": [door("alma", touches=CHART, records="list-patients")],
    # A calculator reads a chart only for who names a patient.
    "calculators": [door("ravi")],
    "calculators-api": [door("ravi")],
    "calculator": [
        door("ravi", kwargs={"name": "cha2ds2-vasc"}),
        door(
            "alma",
            method="post",
            data={"patient": PATIENT, "fill": "yes"},
            kwargs={"name": "cha2ds2-vasc"},
            touches=CHART,
            records="list-patients calculate",
        ),
    ],
    "calculator-api": [
        door("ravi", kwargs={"name": "cha2ds2-vasc"}),
        door(
            "alma",
            method="post",
            data={"patient": PATIENT},
            kwargs={"name": "cha2ds2-vasc"},
            as_json=True,
            touches=CHART,
            records="calculate",
        ),
    ],
    # The record, which names patients.
    "audit": [door("olga", touches=RECORD, records="read-audit")],
    "audit-download": [
        door("olga", method="post", data={**PERIOD, "format": "csv"}, touches=RECORD, records="export-audit")
    ],
    "fhir-audit-events": [door("olga", data={"patient": PATIENT}, touches=RECORD, records="read-audit")],
    "fhir-audit-search": [
        door("olga", method="post", data={"patient": PATIENT}, touches=RECORD, records="read-audit")
    ],
    "audit-exports": [
        door("olga"),  # what was asked for, not what was found
        door(
            "olga",
            method="post",
            data={"justification": "sample", "patient": PATIENT},
            as_json=True,
            touches=RECORD,
            records="request-export",
            status=202,
        ),
    ],
    "audit-export": [door("olga", kwargs={"export_id": "EXPORT"})],
    "audit-export-approve": [
        door("otto", method="post", kwargs={"export_id": "EXPORT"}, records="approve-export", status=409)
    ],
    "audit-export-package": [door("olga", kwargs={"export_id": "EXPORT"}, records="export-audit")],
    "verify-receipt": [
        door(
            account,
            method="post",
            data={"document": "SAVED", "question": QUESTION},
            as_json=True,
            touches=RECORD,
            records="verify-receipt",
        )
        for account in ("olga", "alma")
    ],
    # Hashes and counts.
    "audit-checkpoint": [door("olga", records="read-audit-hashes")],
    "audit-tile": [door("olga", kwargs={"tile": "0/000.p/1"}, records="read-audit-hashes")],
    "metrics": [door("ada", records="read-metrics", status=503)],  # no engine runs here
    # Literature, which names no patient.
    "reviews": [
        door("ravi"),
        door(
            "ravi", method="post", data={"question": REVIEW_QUESTION}, records="review-literature", status=302
        ),
    ],
    "review": [door("ravi", kwargs={"review_id": "REVIEW"})],
    "cancel-review": [
        door("ravi", method="post", kwargs={"review_id": "REVIEW"}, records="review", status=302)
    ],
    "reviews-api": [
        door("ravi"),
        door(
            "ravi",
            method="post",
            data={"question": REVIEW_QUESTION},
            as_json=True,
            records="review-literature",
            status=202,
        ),
    ],
    "review-api": [
        door("ravi", kwargs={"review_id": "REVIEW"}),
        door("ravi", method="delete", kwargs={"review_id": "REVIEW"}, records="review"),
    ],
    "source": [door("alma", data={"id": "pmid:1"})],
    "sources": [door("alma", data={"id": "pmid:1"})],
    # The rules behind cards, which name no patient. CDS clients without a token are turned away at the door;
    # tests/clinical/cds_services says what a call with one records before it reads.
    "ehr-doctor": [door("ada"), door("ada", method="post", data={"ehr": "nobody"}, status=404)],
    "cds-rules": [door("olga", records="review-rules")],
    "cds-rules-api": [door("ada", records="review-rules")],
    "cds-rules-decide": [
        door(
            "olga",
            method="post",
            data={"rule": "allergy-penicillin-class", "version": "1", "state": "normal"},
            records="review-rules change-rule",
            status=302,
        )
    ],
    "cds-services": [door(status=401)],
    "cds-service": [
        door(method="post", kwargs={"service_id": "tacit-patient-view"}, as_json=True, status=401)
    ],
    "cds-feedback": [
        door(method="post", kwargs={"service_id": "tacit-patient-view"}, as_json=True, status=401)
    ],
    # A launch begins at the EHR; tests/ehr_integration/smart says what its end records.
    "smart-launch": [door(status=400)],
    "smart-start": [door(kwargs={"name": "nobody"}, status=400)],
    "smart-callback": [door(status=400)],
    "client-keys": [door()],
    # Accounts, and what anyone may see.
    "home": [door("alma", status=302)],
    "sign-in": [
        door(),
        door(
            method="post",
            data={"username": "alma", "password": PASSWORD},
            records="sign-in",
            status=302,
        ),
    ],
    "sign-out": [door("alma", method="post", records="sign-out", status=302)],
    "schema": [door()],
}


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from names(each.url_patterns)
        else:
            assert each.name, f"{each.pattern} has no name: give it one, and a line in ROUTES"
            yield each.name


class Touches:
    """What was touched, and whether something was recorded before."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begin()
        self._watch(monkeypatch, "ehr_integration.chart.services.requests_to", CHART)
        self._watch(monkeypatch, "audit.ledger.reading._opened", RECORD)

    def begin(self) -> None:
        self.seen: set[str] = set()
        self.unrecorded: set[str] = set()
        self.events = Entry.objects.count()
        self.is_watching = True

    def _watch(self, monkeypatch: pytest.MonkeyPatch, path: str, what: str) -> None:
        module, _, name = path.rpartition(".")
        real: Callable[..., Any] = getattr(import_module(module), name)

        def watched(*args: Any, **named: Any) -> Any:
            if not self.is_watching:
                return real(*args, **named)
            self.seen.add(what)
            if Entry.objects.count() == self.events:
                self.unrecorded.add(what)
            return real(*args, **named)

        monkeypatch.setattr(path, watched)

    def end(self) -> frozenset[str]:
        """Look away, so that the test itself may open events; return what was touched."""
        touched, self.seen = frozenset(self.seen), set()
        self.is_watching = False
        return touched

    def recorded(self) -> set[str]:
        new = [row.event.action for row in recorded_since(BEGINNING_OF_TIME)][self.events :]
        return set(new)


@pytest.fixture
def accounts(
    cast: dict[str, Account], settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Account]:
    for users in ("answers.engines", "reviews.services"):
        monkeypatch.setattr(f"clinical.{users}.configured_engine", ScriptedEngine)
    settings.TACIT_AUDIT_EXPORTS = tmp_path / "exports"
    settings.TACIT_ENGINE_SOCKET = tmp_path / "none.sock"
    otto = Account.objects.create_user("otto", password=PASSWORD, role=Role.COMPLIANCE_OFFICER)
    redis.Redis.from_url(settings.REDIS_URL).flushall()
    return cast | {"otto": otto}


@pytest.fixture
def export_of_olga(accounts: dict[str, Account]) -> str:
    append(Event(action="ask", outcome=Outcome.SUCCESS, actor="alma", role="clinician", patient_id=PATIENT))
    return str(request_export(accounts["olga"].actor, selection()).id)


@pytest.fixture
def ids(accounts: dict[str, Account], export_of_olga: str) -> Ids:
    """A finished export of olga's, a review of ravi's that waits, an answer to alma, and a record that is sealed."""
    write_export_job(export_of_olga)
    receipt_id = recorded_answer()
    sealed()
    return {
        "SAVED": {"receipt_id": receipt_id, "receipt": {"salt": "00" * 32, "commitment": "00" * 32}},
        "EXPORT": export_of_olga,
        "REVIEW": start_review(accounts["ravi"].actor, question=REVIEW_QUESTION),
    }


@pytest.fixture
def touches(monkeypatch: pytest.MonkeyPatch, db: None) -> Touches:
    return Touches(monkeypatch)


def recorded_answer() -> str:
    receipt_id = str(new_event_id())
    detail: dict[str, object] = {"receipt_id": receipt_id, "commitment": "11" * 32}
    append(
        Event(
            action="answer",
            outcome=Outcome.SUCCESS,
            actor="alma",
            role="clinician",
            patient_id=PATIENT,
            purpose="TREAT",
            detail=detail,
        )
    )
    return receipt_id


def filled(values: dict[str, Any], ids: Ids) -> dict[str, Any]:
    return {key: ids.get(value, value) if isinstance(value, str) else value for key, value in values.items()}


def selection() -> Selection:
    return Selection(
        since=BEGINNING_OF_TIME,
        until=datetime.now(UTC),
        export_format=ExportFormat.NDJSON,
        justification="sample",
    )


def called(client: Client, address: str, call: Door) -> Any:
    if call.as_json:
        response = client.post(address, json.dumps(call.data), content_type="application/json")
    elif call.method == "post" and address.startswith("/fhir/"):
        form = "&".join(f"{name}={value}" for name, value in call.data.items())
        response = client.post(address, form, content_type="application/x-www-form-urlencoded")
    else:
        response = getattr(client, call.method)(address, call.data)
    if response.streaming:
        _consume(as_type(StreamingHttpResponse, response))
    return response


def _consume(response: StreamingHttpResponse) -> None:
    async def read() -> None:
        async for _ in as_type(AsyncIterator[bytes], response.streaming_content):
            pass

    if response.is_async:
        async_to_sync(read)()
    else:
        list(as_type(Iterator[bytes], response.streaming_content))


def test_every_route_is_in_the_table() -> None:
    assert set(names(get_resolver().url_patterns)) == set(ROUTES)


@pytest.mark.usefixtures("redis_server", "demo_ehr", "small_evidence")
@pytest.mark.parametrize(("name", "call"), [(name, call) for name, calls in ROUTES.items() for call in calls])
def test_a_route_records_before_it_touches(
    name: str, call: Door, accounts: dict[str, Account], ids: Ids, touches: Touches
) -> None:
    kwargs, call = filled(call.kwargs, ids), replace(call, data=filled(call.data, ids))
    client = Client()
    if call.account:
        client.force_login(accounts[call.account])  # which is recorded, and is no merit of the route
    touches.begin()
    assert called(client, reverse(name, kwargs=kwargs or None), call).status_code == call.status
    touched = touches.end()
    assert touches.unrecorded == set(), "touched before anything was recorded"
    assert touched == call.touches
    assert touches.recorded() == call.records
    assert call.records or not touched


TASKS: dict[str, tuple[frozenset[str], str]] = {
    "reviews.write": (frozenset(), "review"),
    "audit.export": (frozenset({RECORD}), "export-audit"),
}


def test_every_task_is_in_the_table() -> None:
    app.loader.import_default_modules()
    assert {name for name in app.tasks if not name.startswith("celery.")} == set(TASKS)


@pytest.mark.usefixtures("redis_server", "small_evidence")
@pytest.mark.parametrize("name", TASKS)
def test_a_task_records_before_it_touches(
    name: str,
    accounts: dict[str, Account],
    export_of_olga: str,
    touches: Touches,
) -> None:
    jobs: dict[str, tuple[Callable[[str], None], str]] = {
        "reviews.write": (write_review_job, start_review(accounts["ravi"].actor, question=REVIEW_QUESTION)),
        "audit.export": (write_export_job, export_of_olga),
    }
    task, job_id = jobs[name]
    touches.begin()
    task(job_id)
    expected, action = TASKS[name]
    assert touches.end() == expected
    assert touches.unrecorded == set()
    assert touches.recorded() == {action}


def test_the_watch_sees_what_was_not_recorded(db: None, touches: Touches) -> None:
    append(Event(action="ask", outcome=Outcome.SUCCESS, actor="alma", role="clinician", patient_id=PATIENT))
    touches.begin()
    list(recorded_since(BEGINNING_OF_TIME))
    assert touches.end() == {RECORD}
    assert touches.unrecorded == {RECORD}
