"""The clinician's page: the whole answer without JavaScript, the same HTML as events with it."""

import base64
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from typing import Any
from typing import cast as as_type

import pytest
from asgiref.sync import async_to_sync
from django.http import StreamingHttpResponse
from django.test import Client

from clinical.answers.document import answer_document
from clinical.answers.domain import AnswerEvent, Mode, Query
from clinical.answers.receipts.commitment import commitment_of
from clinical.answers.services import last_event
from clinical.web.views import ask
from ehr_integration.chart.domain import Patient
from ehr_integration.errors import EhrUnavailable
from tests.clinical.web.conftest import QUOTE, answer_events

SignIn = Callable[[str], Client]
FORM = {"patient": "af-ckd", "question": "Anticoagulate?"}


@pytest.fixture(autouse=True)
def patients(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (
        Patient(id="af-ckd", name="Zoë <Sample>", sex="female", birth_date=date(1950, 1, 1)),
        Patient(id="messy", name="Ann", sex="unknown", birth_date=None),
    )
    monkeypatch.setattr(ask, "read_patients", lambda grants, **_: found)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Query]:
    """What the service was asked; it answers from a script."""
    calls: list[Query] = []

    def scripted(actor: object, query: Query, **_: Any) -> Iterator[AnswerEvent]:
        calls.append(query)
        return answer_events()

    monkeypatch.setattr(ask, "answer_question", scripted)
    return calls


def test_patients_are_listed_by_name_with_age_and_sex(sign_in: SignIn) -> None:
    page = sign_in("alma").get("/ask").content.decode()
    assert "Zoë &lt;Sample&gt;" in page
    assert "Ann, age not known, unknown" in page
    assert page.index("Ann,") < page.index("Zoë")


def test_without_javascript_the_whole_answer_is_on_the_page(sign_in: SignIn, asked: list[Query]) -> None:
    page = sign_in("alma").post("/ask", FORM).content.decode()
    for shown in (
        "Potassium 4.9 mmol/L",
        "Observation/k",
        "Missing unit",
        "Answered as because the question says",
        "CHA₂DS₂-VASc 4 of 9",
        "Not recorded, counted as not there: diabetes mellitus",
        "No potassium since 14 months",
        "Warfarin with naproxen",
        "Sources disagree",
        "Apixaban over warfarin",
        f"<blockquote>{QUOTE}</blockquote>",
        "Oral anticoagulation",
        "Worded by the model, checked",
        "From the chart",
        "DOI 10.1000/af",
        "1 drafted statement was not supported",
        "Options, not orders.",
        "receipt-1",
        "/source?id=doi%3A10.1000%2Faf%23anticoagulation&amp;start=35&amp;end=73#quote",
    ):
        assert shown in page, shown


def test_the_answer_can_be_saved_with_question_and_receipt(sign_in: SignIn, asked: list[Query]) -> None:
    page = sign_in("alma").post("/ask", FORM).content.decode()
    events = dict(_events(as_type(StreamingHttpResponse, sign_in("alma").post("/ask/stream", FORM))))
    finished = last_event(answer_events())
    whole = answer_document(finished.answer, finished.receipt, question=finished.question)
    expected = json.loads(json.dumps(whole))
    for html in (page, events["answer"]["html"]):
        link = re.search(r'<a href="data:application/json;base64,([^"]+)" download="([^"]+)">', html)
        assert link is not None
        saved = json.loads(base64.b64decode(link[1]))
        assert saved | {"receipt": None} == expected | {"receipt": None}
        assert link[2] == "tacit-answer-receipt-1.json"
        salt, commitment = bytes.fromhex(saved["receipt"]["salt"]), saved["receipt"]["commitment"]
        assert commitment_of(saved, saved["question"], salt) == commitment


def test_the_form_keeps_patient_and_question(sign_in: SignIn, asked: list[Query]) -> None:
    page = sign_in("alma").post("/ask", FORM).content.decode()
    assert '<option value="af-ckd" selected>' in page
    assert ">Anticoagulate?</textarea>" in page


def test_a_line_break_counts_once(sign_in: SignIn, asked: list[Query]) -> None:
    sign_in("alma").post("/ask", {**FORM, "question": "a\r\nb"})
    assert asked == [Query(patient_id="af-ckd", question="a\nb")]


def test_a_fast_answer_can_be_asked_for(sign_in: SignIn, asked: list[Query]) -> None:
    sign_in("alma").post("/ask", {**FORM, "mode": "fast"})
    assert [query.mode for query in asked] == [Mode.FAST]


def test_events_carry_the_html_of_the_page_in_the_order_of_the_answer(
    sign_in: SignIn, asked: list[Query]
) -> None:
    response = as_type(StreamingHttpResponse, sign_in("alma").post("/ask/stream", FORM))
    events = _events(response)
    assert [name for name, _ in events] == [
        *("facts", "specialty", "calculators", "safety", "evidence"),
        *("claim", "claim", "answer", "receipt"),
    ]
    assert all(set(data) == {"html"} for _, data in events)
    assert f"<blockquote>{QUOTE}</blockquote>" in events[6][1]["html"]
    assert response.headers["Cache-Control"] == "no-store"


def test_a_failure_after_the_first_event_is_an_event_too(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(actor: object, query: Query, **_: Any) -> Iterator[AnswerEvent]:
        def events() -> Iterator[AnswerEvent]:
            yield next(answer_events())
            raise EhrUnavailable("connection refused by 10.0.0.1")

        return events()

    monkeypatch.setattr(ask, "answer_question", failing)
    events = _events(as_type(StreamingHttpResponse, sign_in("alma").post("/ask/stream", FORM)))
    assert [name for name, _ in events] == ["facts", "problem"]
    assert 'role="alert"' in events[1][1]["html"]
    assert "10.0.0.1" not in events[1][1]["html"]


def test_a_question_that_cannot_be_asked_is_told_beside_the_form(sign_in: SignIn) -> None:
    response = sign_in("alma").post("/ask", {**FORM, "question": "x" * 2001})
    assert response.status_code == 422
    assert "more than 2000 characters" in response.content.decode()
    assert "x" * 2001 in response.content.decode()


def test_a_stream_that_cannot_start_is_a_problem_page_with_its_status(sign_in: SignIn) -> None:
    response = sign_in("alma").post("/ask/stream", {**FORM, "question": " "})
    assert response.status_code == 422
    assert "data-problem" in response.content.decode()


def test_another_clinicians_patient_is_not_found(sign_in: SignIn) -> None:
    response = sign_in("carla").post("/ask", FORM)
    assert response.status_code == 404
    assert "No such patient in your care" in response.content.decode()


def test_the_question_survives_an_ehr_that_is_down(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(grants: object, **_: object) -> None:
        raise EhrUnavailable("no answer")

    monkeypatch.setattr(ask, "read_patients", down)
    response = sign_in("alma").post("/ask", FORM)
    page = response.content.decode()
    assert response.status_code == 503
    assert "The EHR cannot be reached" in page
    assert ">Anticoagulate?</textarea>" in page
    assert '<option value="af-ckd" selected>' in page


def _events(response: StreamingHttpResponse) -> list[tuple[str, dict[str, str]]]:
    async def read() -> bytes:
        return b"".join([part async for part in as_type(AsyncIterator[bytes], response.streaming_content)])

    blocks = async_to_sync(read)().decode().strip().split("\n\n")
    lines = [block.split("\n") for block in blocks]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in lines]
