"""The chart of a call: from what was sent key by key, and from the EHR for what was not.

A value may be a resource, a page of a search, an OperationOutcome, null, or not there: null says that there is nothing;
an error or an absent key says nothing, so that is asked for. So is what has a further page: a link out of a body is
never followed. Source: CDS Hooks 2.0.1, "Prefetch Template".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.conf import settings

from compliance.access.domain import AccessGrant, Action
from compliance.errors import AccessDenied
from ehr_integration.cds_hooks.errors import PrefetchMissing
from ehr_integration.cds_hooks.request import CdsRequest
from ehr_integration.chart.bundles import chart_from_resources
from ehr_integration.chart.domain import Category, Chart, Finding, FindingCode, Need
from ehr_integration.chart.fetch import SEARCHES, Fetched
from ehr_integration.chart.ownership import names_patient
from ehr_integration.chart.reading.elements import JsonObject
from ehr_integration.chart.reading.medications import unnamed_medication
from ehr_integration.chart.services import fetch_resources
from ehr_integration.connections.domain import Connection
from ehr_integration.connections.endpoints import endpoint_with
from ehr_integration.errors import EhrInvalidResponse
from ehr_integration.fhir.responses import Page, read_page

PATIENT = "patient"


@dataclass(frozen=True, kw_only=True)
class _Sent:
    """What was sent for the patient or for a category; what is not whole is asked for, and used where that fails.

    What is not usable is missing where it cannot be had, even if a part of it was sent.
    """

    resources: tuple[JsonObject, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_usable: bool = True
    is_whole: bool = True


NOTHING = _Sent(is_usable=False, is_whole=False)


def templates(need: Need) -> dict[str, str]:
    """Return the prefetch templates of what a service needs, one key a search, from the chart's own searches."""
    found = {PATIENT: "Patient/{{context.patientId}}"}
    for key, _, resource_type, params in _searches(need):
        query = urlencode(params, safe=":/|,")
        found[key] = f"{resource_type}?patient={{{{context.patientId}}}}&{query}"
    return found


def chart_of(
    request: CdsRequest, *, grant: AccessGrant, need: Need, connection: Connection, on: date
) -> Chart:
    """Return the chart of the call's patient as of the day, with a finding for each category that could not be had.

    Raises: PrefetchMissing, where not even the patient can be had; ChartRefused, where it is not clear whose record it
    is; AccessDenied, for a grant to something else.
    """
    grant.check_covers(Action.DECISION_SUPPORT)
    if grant.patient_id != request.patient_id:
        raise AccessDenied("A grant for one patient does not cover another's call")
    sent = _sent(request, need, connection)
    asked = [name for name, part in sent.items() if not part.is_whole]
    fetched, failed = _fetched(request, grant, asked, connection)
    if PATIENT in failed:
        raise PrefetchMissing(
            "Send the prefetch key patient, or fhirServer with a fhirAuthorization that may read it"
        )
    used = [part for name, part in sent.items() if part.is_whole or name in failed]
    missing = [_missing(name) for name, part in sent.items() if name in failed and not part.is_usable]
    resources = [resource for part in used for resource in part.resources]
    chart = chart_from_resources([*resources, *fetched.resources], patient_id=request.patient_id, on=on)
    about_lists = [*(finding for part in used for finding in part.findings), *fetched.findings]
    return replace(
        chart,
        facts=tuple(fact for fact in chart.facts if fact.category in need.categories),
        findings=(*missing, *about_lists, *chart.findings),
    )


def _searches(need: Need) -> Iterator[tuple[str, Category, str, Mapping[str, str]]]:
    for category in Category:
        if category in need.categories:
            for place, (resource_type, params) in enumerate(SEARCHES[category], start=1):
                key = category.value if place == 1 else f"{category.value}-{place}"
                yield key, category, resource_type, params


def _sent(request: CdsRequest, need: Need, connection: Connection) -> dict[str, _Sent]:
    """Return what was sent, by "patient" and by category."""
    found = {PATIENT: _person(request)}
    for key, category, resource_type, _ in _searches(need):
        part = _list(request, key, resource_type, connection)
        held = found.get(category)
        found[category.value] = part if held is None else _together(held, part)
    return found


def _person(request: CdsRequest) -> _Sent:
    person = request.prefetch.get(PATIENT)
    if not isinstance(person, dict) or person.get("resourceType") != "Patient":
        return NOTHING
    return _Sent(resources=(person,)) if person.get("id") == request.patient_id else NOTHING


def _list(request: CdsRequest, key: str, resource_type: str, connection: Connection) -> _Sent:
    """Return the resources of the type under one key; nothing of it counts where one is another patient's."""
    value = request.prefetch.get(key)
    if value is None:
        return _Sent() if key in request.prefetch else NOTHING
    if not isinstance(value, dict):
        return NOTHING
    try:
        page = read_page(_as_list(value), resource_type=resource_type, request=f"Prefetch {key}")
        own = _of_patient(page, resource_type, request.patient_id, connection)
    except EhrInvalidResponse:
        return NOTHING
    return _Sent(
        resources=own,
        findings=(_incomplete(resource_type),) if page.next_link or page.has_warning else (),
        is_whole=not page.next_link and not _lacks_names(own),
    )


def _as_list(value: JsonObject) -> JsonObject:
    """Return a searchset; a single resource that is no error becomes one."""
    if value.get("resourceType") in ("Bundle", "OperationOutcome"):
        return value
    return {"resourceType": "Bundle", "entry": [{"resource": value}]}


def _of_patient(
    page: Page, resource_type: str, patient_id: str, connection: Connection
) -> tuple[JsonObject, ...]:
    """Return what was asked for, and the medications that it names. Raises: EhrInvalidResponse, for another patient's."""
    wanted = [resource for resource in page.resources if resource["resourceType"] == resource_type]
    for resource in wanted:
        names_patient(resource, patient_id=patient_id, base_url=connection.fhir_base_url)
    return (*wanted, *(each for each in page.included if each["resourceType"] == "Medication"))


def _lacks_names(resources: Sequence[JsonObject]) -> bool:
    """Whether an order names its medicine only by a Medication that was not sent."""
    held = {each.get("id") for each in resources if each["resourceType"] == "Medication"}
    return any(
        unnamed_medication(each) not in {None, *held}
        for each in resources
        if each["resourceType"] == "MedicationRequest"
    )


def _together(one: _Sent, other: _Sent) -> _Sent:
    return _Sent(
        resources=(*one.resources, *other.resources),
        findings=(*one.findings, *other.findings),
        is_usable=one.is_usable and other.is_usable,
        is_whole=one.is_whole and other.is_whole,
    )


def _fetched(
    request: CdsRequest, grant: AccessGrant, asked: Sequence[str], connection: Connection
) -> tuple[Fetched, set[str]]:
    """Return what was asked for, and what of it could not be had."""
    if not asked or not request.access_token:
        return Fetched(resources=(), findings=()), set(asked)
    endpoint = endpoint_with(
        connection,
        token=request.access_token,
        scope=request.scope,
        deadline_seconds=settings.TACIT_CDS_DEADLINE_SECONDS,
    )
    categories = [category for category in Category if category.value in asked]
    return fetch_resources(grant, categories, wants_patient=PATIENT in asked, endpoint=endpoint)


def _missing(name: str) -> Finding:
    label = name.replace("-", " ")
    text = f"The EHR sent no {label} and none could be fetched. Nothing here has looked at them."
    return Finding(code=FindingCode.PREFETCH_MISSING, reference=name, text=text)


def _incomplete(resource_type: str) -> Finding:
    text = "The EHR holds more than it sent, or warned so. Open the record in the EHR for the rest."
    return Finding(code=FindingCode.INCOMPLETE, reference=resource_type, text=text)
