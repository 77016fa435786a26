"""Each search that a chart is made of, tried as it is used; parameters that are refused or ignored are named.

Source: FHIR R4, 3.1.1 (search): a server that ignores a parameter leaves it out of its self link.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ehr_integration.chart.domain import Category
from ehr_integration.chart.fetch import SEARCHES
from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe, Reply
from ehr_integration.fhir.vendors import fitted

_finding = partial(DoctorFinding, area=Area.SEARCHES)


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield how each search fared."""
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
    for category in Category:
        for resource_type, params in SEARCHES[category]:
            fit = fitted(probe.connection.vendor, resource_type, params)
            yield from _tried(probe, category, resource_type, fit)


def _any_patient(probe: Probe) -> str:
    entries = probe.get("Patient", params={"_count": "1"}).document.get("entry")
    first = entries[0] if isinstance(entries, list) and entries and isinstance(entries[0], dict) else {}
    return str(first.get("resource", {}).get("id", "")) if isinstance(first.get("resource"), dict) else ""


def _tried(
    probe: Probe, category: Category, resource_type: str, params: Mapping[str, str]
) -> Iterator[DoctorFinding]:
    reply = probe.get(resource_type, params={"patient": probe.patient_id, **params})
    label = f"{category.value} ({resource_type})"
    probe.timings_ms[f"{category.value} {resource_type}"] = round(reply.milliseconds, 1)
    if reply.status == 200 and reply.document.get("resourceType") == "Bundle":
        ignored = _ignored(reply.document, params)
        if ignored:
            yield _finding(
                "search-ignored",
                Severity.WARNING,
                f"{label}: ignored {', '.join(ignored)}.",
                f"The search {resource_type}?patient=...&{'&'.join(ignored)}=... is answered as if {', '.join(ignored)} "
                "were not there (the self link lacks it). Please support it, or tell us what to use instead.",
            )
        else:
            yield _finding("search", Severity.OK, f"{label} in {reply.milliseconds:.0f} ms.")
        return
    yield _refused(probe, label, resource_type, params, reply)


def _refused(
    probe: Probe, label: str, resource_type: str, params: Mapping[str, str], reply: Reply
) -> DoctorFinding:
    alone = {
        name: probe.get(resource_type, params={"patient": probe.patient_id, name: value}).status
        for name, value in params.items()
    }
    refused = sorted(name for name, status in alone.items() if status != 200)
    code = f", {reply.issue_code}" if reply.issue_code else ""
    names = f"; alone refused: {', '.join(refused)}" if refused and len(refused) < len(alone) else ""
    return _finding(
        "search-refused",
        Severity.ERROR,
        f"{label}: answered {reply.status or 'nothing'}{code}{names}.",
        f"The search {resource_type} by patient with {', '.join(params)} answers {reply.status or 'nothing'}{code}. "
        f"We need it for {label.partition(' ')[0]}. Please enable it for our client"
        + (f", or say what to use in place of {', '.join(refused)}." if refused else "."),
    )


def _ignored(bundle: Mapping[str, Any], params: Mapping[str, str]) -> list[str]:
    links = bundle.get("link")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and link.get("relation") == "self":
            held = parse_qs(urlsplit(str(link.get("url"))).query, keep_blank_values=True)
            return sorted(name for name in params if name not in held) if held else []
    return []
