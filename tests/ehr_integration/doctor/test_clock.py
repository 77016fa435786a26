"""The EHR's clock, and its speed."""

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ehr_integration.doctor.domain import Severity
from tests.ehr_integration.doctor.healthy import METADATA, codes, examined
from tests.ehr_integration.ehr import bundle


def dated(header):
    def answer(path, query):
        def write(wire):
            body = json.dumps(METADATA).encode()
            wire.write(f"HTTP/1.1 200 OK\r\n{header()}Content-Length: {len(body)}\r\n\r\n".encode() + body)

        return write

    return answer


def off_by(seconds):
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    return f"Date: {moment}\r\n"


@pytest.mark.parametrize(
    ("seconds", "severity"),
    [(10, Severity.OK), (-60, Severity.WARNING), (60, Severity.WARNING), (400, Severity.ERROR)],
)
def test_a_clock_that_is_off_is_told(seconds, severity):
    found = examined({"metadata": dated(lambda: off_by(seconds))}).findings
    (clock,) = [each for each in found if each.area.value == "clock"]
    assert clock.severity is severity


@pytest.mark.parametrize("header", ["", "Date: today\r\n", "Date: Mon, 99 Foo 2026 25:61:00 GMT\r\n"])
def test_an_answer_without_a_time_is_a_note(header):
    assert "clock-unknown" in codes(examined({"metadata": dated(lambda: header)}), Severity.NOTE)


@pytest.mark.parametrize(
    ("deadline", "severity"), [(1.0, Severity.WARNING), (0.1, Severity.ERROR)], ids=["near", "over"]
)
def test_a_search_that_a_chart_cannot_wait_for_is_told(settings, deadline, severity):
    settings.FHIR_DEADLINE_SECONDS = deadline

    def late(path, query):
        time.sleep(0.55)
        return bundle()

    found = examined({"Procedure": late})
    assert "speed-slow" in codes(found, severity)
    assert found.timings_ms["procedures Procedure"] >= 550
