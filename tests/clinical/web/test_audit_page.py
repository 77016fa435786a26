"""The officer's page: the newest events, two downloads, and a record of every look and every refusal."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import cast as as_type

import pytest
from asgiref.sync import async_to_sync
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import timezone

from audit.domain import Event, Outcome
from audit.services import append, recorded_since
from compliance.officer import views

SignIn = Callable[[str], Client]
TODAY = timezone.localdate().isoformat()
PERIOD = {"since": TODAY, "until": TODAY}


def test_the_newest_events_come_first(sign_in: SignIn) -> None:
    for actor in ("first", "second"):
        append(
            Event(action="ask", outcome=Outcome.SUCCESS, actor=actor, role="clinician", patient_id="af-ckd")
        )
    page = sign_in("olga").get("/audit").content.decode()
    assert page.index("<td>second</td>") < page.index("<td>first</td>")
    assert "<td>af-ckd</td>" in page


def test_at_most_a_hundred_events_are_shown(sign_in: SignIn) -> None:
    for _ in range(101):
        append(Event(action="ask", outcome=Outcome.SUCCESS, actor="busy", role="clinician"))
    assert sign_in("olga").get("/audit").content.decode().count("<tr>") == 1 + views.EVENTS_SHOWN


def test_every_look_is_recorded_and_so_is_a_refusal(sign_in: SignIn) -> None:
    sign_in("olga").get("/audit")
    sign_in("alma").get("/audit")
    assert sign_in("alma").post("/audit/download", {**PERIOD, "format": "csv"}).status_code == 403
    looks = [seen.event for seen in recorded_since(_long_ago()) if seen.event.action.endswith("-audit")]
    assert [(look.actor, look.action, look.outcome) for look in looks] == [
        ("olga", "read-audit", Outcome.SUCCESS),
        ("alma", "read-audit", Outcome.DENIED),
        ("alma", "export-audit", Outcome.DENIED),
    ]


@pytest.mark.parametrize(
    "period",
    [
        {"since": "2026-02-02", "until": "2026-02-01"},
        {"since": "2026-02-30", "until": "2026-03-01"},
        {"since": "2026-02-01", "until": "9999-12-31"},
        {"since": "2026-02-01"},
    ],
)
def test_a_period_that_is_none_is_told_and_nothing_shown(sign_in: SignIn, period: dict[str, str]) -> None:
    for response in (sign_in("olga").get("/audit", period), sign_in("olga").post("/audit/download", period)):
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()
        assert "<table>" not in response.content.decode()


@pytest.mark.parametrize(
    ("name", "media_type"), [("csv", "text/csv; charset=utf-8"), ("ndjson", "application/x-ndjson")]
)
def test_a_download_is_an_attachment_with_every_event(sign_in: SignIn, name: str, media_type: str) -> None:
    append(Event(action="ask", outcome=Outcome.SUCCESS, actor="early", role="clinician"))
    response = as_type(
        StreamingHttpResponse, sign_in("olga").post("/audit/download", {**PERIOD, "format": name})
    )
    assert response.headers["Content-Type"] == media_type
    assert (
        response.headers["Content-Disposition"]
        == f'attachment; filename="tacit-audit-{TODAY}-to-{TODAY}.{name}"'
    )
    lines = _body(response).splitlines()
    assert any("early" in line for line in lines)
    if name == "ndjson":
        assert [json.loads(line)["action"] for line in lines][-1] == "export-audit"


def test_an_unknown_format_downloads_nothing(sign_in: SignIn) -> None:
    response = sign_in("olga").post("/audit/download", {**PERIOD, "format": "exe"})
    assert "Content-Disposition" not in response.headers


def _body(response: StreamingHttpResponse) -> str:
    async def read() -> bytes:
        return b"".join([part async for part in as_type(AsyncIterator[bytes], response.streaming_content)])

    return async_to_sync(read)().decode()


def _long_ago() -> datetime:
    return timezone.now() - timedelta(days=1)
