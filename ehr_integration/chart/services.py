"""Reads charts from the EHR: what the question needs, for the patients of the grants, or a typed error."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import date

from django.conf import settings
from django.utils.timezone import localdate

from compliance.access.domain import AccessGrant, Action
from ehr_integration.chart.assembling import assembled
from ehr_integration.chart.domain import Category, Chart, Finding, FindingCode, Need, Patient
from ehr_integration.chart.fetch import Fetched, fetch_category
from ehr_integration.chart.normalise import normalise
from ehr_integration.chart.reading.elements import JsonObject
from ehr_integration.chart.reading.patients import read_patient
from ehr_integration.chart.reading.readings import reference_of
from ehr_integration.chart.shape import departure_in_shape
from ehr_integration.chart.validity import departure_from_r4, departure_from_release
from ehr_integration.connections.domain import same_issuer
from ehr_integration.connections.store import connections
from ehr_integration.errors import EhrError, EhrInvalidResponse, ScopeMissing
from ehr_integration.fhir.client import FhirClient
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.origin import FhirEndpoint, is_fhir_id
from ehr_integration.fhir.requests import Requests, requests_to
from ehr_integration.smart.backend import backend_endpoint

PATIENTS_A_SEARCH = 50
R4 = "4.0"


def read_chart(
    grant: AccessGrant, *, need: Need, on: date | None = None, endpoint: FhirEndpoint | None = None
) -> Chart:
    """Return the patient and the categories needed: one request each, all at once, within one deadline.

    The endpoint is the EHR that launched us with its user's token, else the one of the settings.
    Of laboratory results and vital signs, at most the 5 newest values of each code become facts. What is stale is
    judged on the day given, else today.
    What the token has no scope for is a finding: the user chose what we may see, and the chart says what it lacks.
    Raises: EhrError, whichever request fails else: an incomplete chart must not look complete; AccessDenied for
    a grant to something else.
    """
    grant.check_covers(Action.ASK, Action.DECISION_SUPPORT, Action.CALCULATE)
    source = endpoint or _endpoint()
    with requests_to(source) as requests:
        deadline = requests.deadline
        answer = requests.start(FhirClient.read, "Patient", grant.patient_id, deadline=deadline)
        needed = [category for category in Category if category in need.categories]
        started = {
            category: requests.start(fetch_category, grant, category, deadline=deadline)
            for category in needed
        }
        person = requests.result(answer)
        fetched = {category: _granted(requests, part, category) for category, part in started.items()}
    version = source.fhir_version
    check = departure_from_r4 if version.startswith(R4) else departure_in_shape
    parts = [normalise(category, _resources(category, fetched), check=check) for category in needed]
    # Of R4 every fact has been held to the release already.
    whole = [person] if version.startswith(R4) else [person, *_all(fetched)]
    findings = (
        *(found for each in whole if (found := departure_from_release(each, version))),
        *(finding for held in fetched.values() for finding in held.findings),
    )
    return assembled(read_patient(person), parts, findings=findings, on=on or localdate())


def _granted(requests: Requests, part: Future[Fetched], category: Category) -> Fetched:
    """Return what was fetched of a category; nothing, and a finding that says so, where the token may not read it."""
    try:
        return requests.result(part)
    except ScopeMissing:
        label = category.value.replace("-", " ")
        text = f"The EHR does not let Tacit read {label}. Nothing here has looked at them."
        missing = Finding(code=FindingCode.INCOMPLETE, reference=category.value, text=text)
        return Fetched(resources=(), findings=(missing,))


def _all(fetched: Mapping[Category, Fetched]) -> list[JsonObject]:
    return [resource for held in fetched.values() for resource in held.resources]


def fetch_resources(
    grant: AccessGrant, categories: Sequence[Category], *, wants_patient: bool, endpoint: FhirEndpoint
) -> tuple[Fetched, set[str]]:
    """Return what could be had, and what could not: "patient" or categories.

    For callers who have a part of the record already. Raises: AccessDenied for a grant to something else.
    """
    grant.check_covers(Action.DECISION_SUPPORT)
    held: list[Fetched] = []
    lacking: set[str] = set()
    with requests_to(endpoint) as requests:
        deadline = requests.deadline
        started: dict[str, Future[Fetched]] = {
            category.value: requests.start(fetch_category, grant, category, deadline=deadline)
            for category in categories
        }
        if wants_patient:
            started["patient"] = requests.start(_fetch_patient, grant, deadline=deadline)
        for name, answer in started.items():
            try:
                fetched = requests.result(answer)
            except EhrError:
                lacking.add(name)
            else:
                held.append(fetched)
    resources = tuple(resource for fetched in held for resource in fetched.resources)
    findings = tuple(finding for fetched in held for finding in fetched.findings)
    return Fetched(resources=resources, findings=findings), lacking


def _fetch_patient(client: FhirClient, grant: AccessGrant, *, deadline: Deadline) -> Fetched:
    person = client.read("Patient", grant.patient_id, deadline=deadline)
    return Fetched(resources=(person,), findings=())


def _resources(category: Category, fetched: Mapping[Category, Fetched]) -> Sequence[JsonObject]:
    """Return the resources of a category; conditions fetched as such may mean a pregnancy, too."""
    own = fetched[category].resources
    if category is not Category.PREGNANCY or Category.CONDITIONS not in fetched:
        return own
    held = {reference_of(resource) for resource in own}
    others = fetched[Category.CONDITIONS].resources
    return [*own, *(resource for resource in others if reference_of(resource) not in held)]


def read_patients(
    grants: Sequence[AccessGrant], *, endpoint: FhirEndpoint | None = None
) -> tuple[Patient, ...]:
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
    with requests_to(endpoint or _endpoint()) as requests:
        answers = [requests.start(_search_patients, group, deadline=requests.deadline) for group in groups]
        known = {patient.id: patient for answer in answers for patient in requests.result(answer)}
    return tuple(known[patient_id] for patient_id in ids if patient_id in known)


def _endpoint() -> FhirEndpoint:
    """Return the EHR of the settings: with the token of the settings, else as a registered backend service."""
    if not settings.FHIR_BEARER_TOKEN and not settings.RUNS_SANDBOX:
        for connection in connections():
            if connection.backend_client_id and same_issuer(connection.fhir_base_url, settings.FHIR_BASE_URL):
                return backend_endpoint(connection)
    return FhirEndpoint(
        base_url=settings.FHIR_BASE_URL,
        bearer_token=settings.FHIR_BEARER_TOKEN,
        deadline_seconds=settings.FHIR_DEADLINE_SECONDS,
    )


def _search_patients(client: FhirClient, ids: Sequence[str], *, deadline: Deadline) -> list[Patient]:
    params = {"_id": ",".join(ids), "_count": str(len(ids))}
    patients = [read_patient(answer) for answer in client.search("Patient", params, deadline=deadline)]
    if not {patient.id for patient in patients} <= set(ids):
        raise EhrInvalidResponse(
            "Patient search: the EHR answered with patients not asked for: check FHIR_BASE_URL"
        )
    return patients
