"""A chart is read in time, or not at all."""

import time

import pytest

from ehr_integration.chart.domain import Category
from ehr_integration.chart.services import read_chart
from ehr_integration.errors import EhrTimeout, EhrUnavailable
from tests.ehr_integration.chart.record import EVERYTHING, need, record
from tests.ehr_integration.chart.resources import condition
from tests.ehr_integration.ehr import bundle


def silent(path, query):
    time.sleep(1.2)
    return record(path, query)


def drips(start):
    """Writes the start of an answer, and goes on with one byte at a time."""

    def write(connection):
        connection.write(start)
        for _ in range(30):
            time.sleep(0.05)
            connection.write(b" ")

    return lambda path, query: write


HEAD_IN_DRIPS = drips(b"HTTP/1.1 200 OK\r\nX-Slow: ")
BODY_IN_DRIPS = drips(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{")


@pytest.mark.parametrize("answer", [silent, HEAD_IN_DRIPS, BODY_IN_DRIPS])
def test_a_slow_ehr_is_a_timeout_at_the_deadline(ehr_at, grant_for, answer):
    ehr_at(answer, deadline_seconds=0.3)
    started = time.monotonic()
    with pytest.raises(EhrTimeout):
        read_chart(grant_for(), need=EVERYTHING)
    assert time.monotonic() - started < 0.8


def test_one_deadline_holds_for_all_pages_together(ehr_at, grant_for):
    def answer(path, query):
        if path != "/fhir/Condition":
            return record(path, query)
        time.sleep(0.12)
        return bundle(condition(), next_link=f"{ehr.base_url}/Condition?page=2")

    ehr = ehr_at(answer, deadline_seconds=0.4)
    started = time.monotonic()
    with pytest.raises(EhrTimeout):
        read_chart(grant_for(), need=need(Category.CONDITIONS))
    assert time.monotonic() - started < 0.8


def test_an_ehr_that_is_not_there_is_unavailable(ehr_at, grant_for, settings):
    settings.FHIR_BASE_URL = "http://127.0.0.1:9/fhir"
    with pytest.raises(EhrUnavailable):
        read_chart(grant_for(), need=need())
