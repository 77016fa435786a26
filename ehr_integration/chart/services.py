"""Reads charts from the EHR: what the question needs, for the patients of the grants, or a typed error."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.conf import settings

from compliance.access.domain import AccessGrant
from ehr_integration.chart.domain import Category, Chart, Need, Patient
from ehr_integration.chart.fetch import fetch_category
from ehr_integration.chart.reading.patients import read_patient
from ehr_integration.chart.validity import departure_from_r4
from ehr_integration.errors import EhrInvalidResponse, EhrTimeout
from ehr_integration.fhir.client import FhirClient
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.origin import FhirEndpoint, is_fhir_id

CONNECTIONS = 6
PATIENTS_A_SEARCH = 50

Answer = TypeVar("Answer")


def read_chart(grant: AccessGrant, *, need: Need) -> Chart:
    """Return the patient and the categories needed: one request each, all at once, within one deadline.

    Of laboratory results and vital signs, at most the 5 newest values of each code become facts.
    Raises: EhrError, whichever request fails: an incomplete chart must not look complete.
    """
    with _connection() as (client, pool):
        deadline = client.deadline()
        answer = pool.submit(client.read, "Patient", grant.patient_id, deadline=deadline)
        needed = [category for category in Category if category in need.categories]
        parts = [
            pool.submit(fetch_category, grant, category, client=client, deadline=deadline)
            for category in needed
        ]
        person = _result(answer, deadline)
        found = [_result(part, deadline) for part in parts]
    departure = departure_from_r4(person)
    return Chart(
        patient=read_patient(person),
        facts=tuple(fact for part in found for fact in part.facts),
        findings=(
            *([departure] if departure else []),
            *(finding for part in found for finding in part.findings),
        ),
    )


def read_patients(grants: Sequence[AccessGrant]) -> tuple[Patient, ...]:
    """Return the demographics of the patients that the EHR knows, in the order of the grants.

    Raises: EhrError.
    """
    ids = [
        patient_id
        for patient_id in dict.fromkeys(grant.patient_id for grant in grants)
        if is_fhir_id(patient_id)
    ]
    if not ids:
        return ()
    groups = [ids[start : start + PATIENTS_A_SEARCH] for start in range(0, len(ids), PATIENTS_A_SEARCH)]
    with _connection() as (client, pool):
        deadline = client.deadline()
        answers = [pool.submit(_search_patients, client, group, deadline) for group in groups]
        known = {patient.id: patient for answer in answers for patient in _result(answer, deadline)}
    return tuple(known[patient_id] for patient_id in ids if patient_id in known)


def _endpoint() -> FhirEndpoint:
    return FhirEndpoint(
        base_url=settings.FHIR_BASE_URL,
        bearer_token=settings.FHIR_BEARER_TOKEN,
        deadline_seconds=settings.FHIR_DEADLINE_SECONDS,
    )


@contextmanager
def _connection() -> Iterator[tuple[FhirClient, ThreadPoolExecutor]]:
    with FhirClient(_endpoint()) as client:
        pool = ThreadPoolExecutor(max_workers=CONNECTIONS, thread_name_prefix="chart")
        try:
            yield client, pool
        finally:
            # Closing the client ends what is still under way; waiting for it could outlast the deadline.
            pool.shutdown(wait=False, cancel_futures=True)


def _result(future: Future[Answer], deadline: Deadline) -> Answer:
    try:
        return future.result(timeout=deadline.remaining())
    except TimeoutError:
        raise EhrTimeout("The EHR did not answer in time: retry, or raise FHIR_DEADLINE_SECONDS") from None


def _search_patients(client: FhirClient, ids: Sequence[str], deadline: Deadline) -> list[Patient]:
    params = {"_id": ",".join(ids), "_count": str(len(ids))}
    patients = [read_patient(answer) for answer in client.search("Patient", params, deadline=deadline)]
    if not {patient.id for patient in patients} <= set(ids):
        raise EhrInvalidResponse(
            "Patient search: the EHR answered with patients not asked for: check FHIR_BASE_URL"
        )
    return patients
