"""A request is asked once more where that may help, and only within the deadline."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from ehr_integration.errors import EhrTimeout, EhrUnavailable
from ehr_integration.fhir.client import FhirClient
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.origin import FhirEndpoint

PATIENT = {"resourceType": "Patient", "id": "1"}


def read(*answers, seconds=1.0):
    """The patient, and how often an EHR that gives these answers in turn was asked."""
    left = list(answers)
    asked = []

    def handler(request):
        asked.append(request)
        answer = left.pop(0)
        if isinstance(answer, type):
            raise answer("broken", request=request)
        return answer

    endpoint = FhirEndpoint(base_url="https://ehr.example/fhir", deadline_seconds=seconds)
    with FhirClient(endpoint, transport=httpx.MockTransport(handler)) as client:
        try:
            return client.read("Patient", "1", deadline=client.deadline()), len(asked)
        except EhrUnavailable:
            return None, len(asked)


def busy(status=503, retry_after=None):
    return httpx.Response(status, headers={"Retry-After": retry_after} if retry_after is not None else {})


@pytest.mark.parametrize(
    "first", [httpx.ConnectError, httpx.ReadError, busy(429), busy(503, "0"), busy(503, "soon")]
)
def test_one_failure_is_forgiven(first):
    assert read(first, httpx.Response(200, json=PATIENT)) == (PATIENT, 2)


@pytest.mark.parametrize("failure", [httpx.ConnectError, busy(429), busy(503)])
def test_three_failures_are_not(failure):
    assert read(failure, failure, httpx.Response(200, json=PATIENT)) == (PATIENT, 3)
    assert read(failure, failure, failure) == (None, 3)


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_fails_is_asked_again(status):
    assert read(busy(status), httpx.Response(200, json=PATIENT)) == (PATIENT, 2)


def test_a_fault_that_comes_again_is_not_asked_again():
    assert read(busy(500)) == (None, 1)


@pytest.mark.parametrize("retry_after", ["60", "9" * 5000])
def test_a_pause_beyond_the_deadline_is_not_waited_for(retry_after):
    started = time.monotonic()
    assert read(busy(503, retry_after)) == (None, 1)
    assert time.monotonic() - started < 0.5


def test_a_date_in_retry_after_is_waited_for():
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert read(busy(503, later)) == (None, 1)
    past = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    assert read(busy(503, past), httpx.Response(200, json=PATIENT)) == (PATIENT, 2)


def test_a_deadline_that_has_passed_is_a_timeout_before_anything_is_sent():
    transport = httpx.MockTransport(lambda request: pytest.fail("was asked"))
    endpoint = FhirEndpoint(base_url="https://ehr.example/fhir")
    with FhirClient(endpoint, transport=transport) as client, pytest.raises(EhrTimeout):
        client.read("Patient", "1", deadline=Deadline.after(0))
