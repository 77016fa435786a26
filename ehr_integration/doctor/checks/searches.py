"""Each search that a chart is made of, tried as it is used; parameters that are refused or ignored are named.

Source: FHIR R4, Search, "Server Conformance": a server that ignores a parameter leaves it out of its self link.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from ehr_integration.chart.domain import Category
from ehr_integration.chart.fetch import SEARCHES
from ehr_integration.chart.ownership import names_patient
from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe
from ehr_integration.doctor.replies import Reply
from ehr_integration.errors import EhrInvalidResponse
from ehr_integration.fhir.origin import is_fhir_id
from ehr_integration.fhir.vendors import fitted

_finding = partial(DoctorFinding, area=Area.SEARCHES)

# What `_sort=-date` orders by, where it is one moment. Of a period servers may take either end.
DATES = {"Observation": "effectiveDateTime", "Procedure": "performedDateTime", "DocumentReference": "date"}


@dataclass(frozen=True, kw_only=True)
class Search:
    """One search of a category, as this EHR is asked for it; without the patient."""

    category: Category
    resource_type: str
    params: Mapping[str, str]

    @property
    def label(self) -> str:
        """What it is called in a finding."""
        return f"{self.category.value} ({self.resource_type})"


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield how each search fared; what they brought is kept for the checks that follow."""
    searches = [
        Search(category=category, resource_type=kind, params=fitted(probe.vendor, kind, params))
        for category in Category
        for kind, params in SEARCHES[category]
    ]
    yield from _undeclared(probe, searches)
    if not probe.patient_id:
        probe.patient_id = _any_patient(probe)
    if not probe.patient_id:
        yield _finding(
            "searches-no-patient",
            Severity.WARNING,
            "No patient to try with: name one with --patient.",
            "We found no patient that our client may read. Please name a test patient that it may see.",
        )
        return
    for search in searches:
        yield from _tried(probe, search)


def _undeclared(probe: Probe, searches: list[Search]) -> Iterator[DoctorFinding]:
    """Yield what the CapabilityStatement leaves out; a server that declares no searches at all is not held to it."""
    declared = probe.capability.resources if probe.capability else {}
    if not any(each.search_params for each in declared.values()):
        return
    lacking: dict[str, set[str]] = {}
    for search in searches:
        held = declared.get(search.resource_type)
        wanted = {"patient", *(name for name in search.params if not name.startswith("_"))}
        lacking.setdefault(search.resource_type, set()).update(
            wanted - (held.search_params if held else set())
        )
    missing = [f"{kind} by {', '.join(sorted(names))}" for kind, names in lacking.items() if names]
    if missing:
        yield _finding(
            "search-undeclared",
            Severity.NOTE,
            f"The CapabilityStatement does not declare: {'; '.join(missing)}.",
            f"Your CapabilityStatement does not declare these searches, which we use: {'; '.join(missing)} (FHIR R4, "
            "CapabilityStatement.rest.resource.searchParam). Please tell us whether they work.",
        )


def _any_patient(probe: Probe) -> str:
    people = probe.get("Patient", params={"_count": "1"}).resources("Patient")
    return next((each["id"] for each in people if is_fhir_id(each.get("id"))), "")


def _tried(probe: Probe, search: Search) -> Iterator[DoctorFinding]:
    reply = probe.get(search.resource_type, params={"patient": probe.patient_id, **search.params})
    probe.timings_ms[f"{search.category.value} {search.resource_type}"] = round(reply.milliseconds, 1)
    if not reply.is_searchset:
        yield _refused(probe, search, reply)
        return
    found = reply.resources(search.resource_type)
    if not _are_the_patients(found, probe):
        yield _of_others(search)
        return
    probe.resources.setdefault(search.category.value, []).extend(found)
    odd = list(_odd(reply, found, search))
    yield from odd
    if not odd:
        yield _finding("search", Severity.OK, f"{search.label} in {reply.milliseconds:.0f} ms.")


def _are_the_patients(found: list[dict[str, Any]], probe: Probe) -> bool:
    base = probe.connection.fhir_base_url
    try:
        for resource in found:
            names_patient(resource, patient_id=probe.patient_id, base_url=base)
    except EhrInvalidResponse:
        return False
    return True


def _of_others(search: Search) -> DoctorFinding:
    return _finding(
        "search-other-patient",
        Severity.ERROR,
        f"{search.label}: brought what belongs to another patient, or names the patient by another address.",
        f"The search {search.resource_type}?patient=... brings resources whose subject is not Patient/[id] of the patient "
        "asked for: the parameter is ignored, or references use another base URL than the one that you gave us. We "
        "refuse such answers as a whole.",
    )


def _odd(reply: Reply, found: list[dict[str, Any]], search: Search) -> Iterator[DoctorFinding]:
    kind, understood = search.resource_type, reply.understood()
    ignored = sorted(set(search.params) - understood) if understood else []
    if ignored:
        names = ", ".join(ignored)
        yield _finding(
            "search-ignored",
            Severity.WARNING,
            f"{search.label}: ignored {names}.",
            f"The search {kind}?patient=...&{'&'.join(f'{name}=...' for name in ignored)} is answered as if {names} "
            "were not there (the self link lacks it; FHIR R4, Search, Server Conformance). Please support it, or tell us what to use "
            "instead.",
        )
    limit = int(search.params.get("_count", "0"))
    if limit and len(found) > limit:
        yield _finding(
            "search-count",
            Severity.NOTE,
            f"{search.label}: a page had {len(found)} results where {limit} were asked for.",
        )
    if "_sort" in search.params and "_sort" not in ignored and not _is_newest_first(found, kind):
        yield _finding(
            "search-unsorted",
            Severity.WARNING,
            f"{search.label}: the results are not sorted by date, newest first.",
            f"The search {kind} with _sort={search.params['_sort']} does not answer in that order (FHIR R4, "
            "Search, Sorting). Of a long record we might read the old part only. Please enable sorting for it.",
        )


def _is_newest_first(found: list[dict[str, Any]], resource_type: str) -> bool:
    """Whether no result is newer than the one before it, by the day; a day's difference may be one of time zones."""
    days = [
        day
        for day in (_day(resource.get(DATES.get(resource_type, ""))) for resource in found)
        if day is not None
    ]
    return all((later - earlier).days <= 1 for earlier, later in zip(days, days[1:], strict=False))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _refused(probe: Probe, search: Search, reply: Reply) -> DoctorFinding:
    kind, params = search.resource_type, search.params
    alone = {
        name: probe.get(kind, params={"patient": probe.patient_id, name: value}).status
        for name, value in params.items()
        if not reply.is_late
    }
    refused = sorted(name for name, status in alone.items() if status != 200)
    names = ", ".join(refused) if len(refused) < len(alone) else ""
    return _finding(
        "search-refused",
        Severity.ERROR,
        f"{search.label}: answered {reply.said}{f'; alone refused: {names}' if names else ''}.",
        f"The search {kind} by patient with {', '.join(params)} answers {reply.said}. We need it for "
        f"{search.category.value}. Please enable it for our client"
        + (f", or say what to use in place of {names}." if names else "."),
    )
