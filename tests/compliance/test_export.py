"""The officer's export: who asked about whom, when, why and with what outcome."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from audit.domain import Event, Outcome
from audit.services import append, recorded_since
from compliance.access.models import Account
from compliance.errors import AccessDenied
from compliance.officer.export import COLUMNS, Format, export_events

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
Cast = dict[str, Account]


def a_question(**changes: object) -> Event:
    values = {
        "action": "ask",
        "outcome": Outcome.SUCCESS,
        "actor": "alma",
        "role": "clinician",
        "patient_id": "af-ckd",
    }
    return Event(**values | {"purpose": "TREAT"} | changes)  # type: ignore[arg-type]  # test data


def test_ndjson_holds_every_event_and_the_export_itself(cast: Cast) -> None:
    append(a_question())
    lines = list(export_events(cast["olga"].actor, since=SINCE, export_format=Format.NDJSON))
    rows = [json.loads(line) for line in lines]
    assert [(row["actor"], row["action"], row["patient_id"], row["purpose"]) for row in rows] == [
        ("alma", "ask", "af-ckd", "TREAT"),
        ("olga", "export-audit", "", ""),
    ]
    assert set(rows[0]) == set(COLUMNS)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_csv_cell_can_run_as_a_formula(cast: Cast, start: str) -> None:
    append(a_question(actor=f'{start}HYPERLINK("x")', reason=f"{start}1+1"))
    text = "".join(export_events(cast["olga"].actor, since=SINCE, export_format=Format.CSV))
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_csv_and_ndjson_say_the_same(cast: Cast) -> None:
    append(a_question(detail={"source_ids": ["pmid:1", "pmid:2"], "dropped_claims": 2}))
    as_csv = "".join(export_events(cast["olga"].actor, since=SINCE, export_format=Format.CSV))
    [row, *_] = csv.DictReader(io.StringIO(as_csv, newline=""))
    [line, *_] = export_events(cast["olga"].actor, since=SINCE, export_format=Format.NDJSON)
    expected = json.loads(line)
    assert {**row, "detail": json.loads(row["detail"])} == expected


def test_the_dates_bound_the_export(cast: Cast) -> None:
    append(a_question())
    tomorrow = timezone.now() + timedelta(days=1)
    assert list(export_events(cast["olga"].actor, since=tomorrow, export_format=Format.NDJSON)) == []
    before = export_events(cast["olga"].actor, since=SINCE, until=SINCE, export_format=Format.NDJSON)
    assert list(before) == []


@pytest.mark.parametrize("username", ["alma", "ravi", "ada"])
def test_only_the_officer_exports_and_an_attempt_is_recorded(cast: Cast, username: str) -> None:
    with pytest.raises(AccessDenied):
        export_events(cast[username].actor, since=SINCE, export_format=Format.NDJSON)
    [row] = recorded_since(SINCE)
    assert (row.event.actor, row.event.action, row.event.outcome) == (
        username,
        "export-audit",
        Outcome.DENIED,
    )
