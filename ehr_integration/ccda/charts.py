"""A C-CDA document becomes a chart: each section by its LOINC code, through FHIR R4 resources."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from ehr_integration.ccda.context import Context
from ehr_integration.ccda.elements import (
    CDA,
    Element,
    JsonObject,
    Narrative,
    attribute,
    first,
    name_of,
    path,
    when,
)
from ehr_integration.ccda.events import encounters, procedures
from ehr_integration.ccda.header import patient_of
from ehr_integration.ccda.medications import medications
from ehr_integration.ccda.notes import narrative_note, unstructured_note
from ehr_integration.ccda.parsing import parse_document
from ehr_integration.ccda.problems import allergies, conditions
from ehr_integration.ccda.results import pregnancies, results, vital_signs
from ehr_integration.chart.bundles import chart_from_resources
from ehr_integration.chart.domain import Chart
from ehr_integration.errors import ChartRefusal, DocumentRefused
from ehr_integration.hl7v2.fhir.context import stable_id

MAX_ENTRIES = 5_000
Reader = Callable[[Element, Context], Iterator[JsonObject]]
# LOINC codes of sections. Source: C-CDA R2.1, Volume 2, section 2 (section-level templates).
READERS: Mapping[str, Reader] = {
    "11450-4": conditions,
    "11348-0": conditions,
    "46241-6": conditions,  # admission diagnosis
    "11535-2": conditions,  # discharge diagnosis
    "75310-3": conditions,  # health concerns
    "48765-2": allergies,
    "10160-0": medications,
    "42346-7": medications,  # on admission
    "10183-2": medications,  # at discharge
    "75311-1": medications,
    "29549-3": medications,  # administered
    "30954-2": results,
    "8716-3": vital_signs,
    "47519-4": procedures,
    "46240-8": encounters,
}
SOCIAL_HISTORY = "29762-2"


def is_cda(start: bytes) -> bool:
    """Whether content begins as an XML document."""
    return start.startswith(b"<")


def chart_from_cda(body: bytes, *, on: date) -> Chart:
    """Return the chart of a C-CDA document, as of the given day.

    Raises: DocumentRefused, which names the section; ChartRefused.
    """
    return chart_from_resources(resources_of(body), patient_id=None, on=on)


def resources_of(body: bytes) -> list[JsonObject]:
    """Return the document as FHIR R4 resources, the Patient first. Raises: DocumentRefused."""
    document = parse_document(body)
    patient = patient_of(document)
    context = Context(
        patient_id=patient["id"],
        narrative=Narrative({each.get("ID", ""): each for each in document.iter() if each.get("ID")}),
        made_at=when(first(document, "effectiveTime")),
        custodian=name_of(
            first(document, "custodian", "assignedCustodian", "representedCustodianOrganization", "name")
        ),
    )
    found = [
        resource for section in document.iter(f"{CDA}section") for resource in _section(section, context)
    ]
    return [patient, *_once([*found, *unstructured_note(document, context)])]


def _section(section: Element, context: Context) -> Iterator[JsonObject]:
    code, entries = attribute(first(section, "code"), "code"), path(section, "entry")
    if len(entries) > MAX_ENTRIES:
        raise DocumentRefused(
            ChartRefusal.TOO_LARGE,
            f"more than {MAX_ENTRIES} entries: send them in several documents",
            section=code if code[:1].isdigit() and len(code) <= 8 else "section",
        )
    read = pregnancies if code == SOCIAL_HISTORY else READERS.get(code)
    found = list(read(section, context)) if read else []
    yield from found
    if not found:
        yield from narrative_note(section, context)


def _once(resources: list[JsonObject]) -> list[JsonObject]:
    """Return each statement once; other statements that were given the same id get one of their own."""
    found: dict[str, JsonObject] = {}
    for resource in resources:
        original, times = resource["id"], 1
        while (held := found.get(f"{resource['resourceType']}/{resource['id']}")) is not None:
            if {**held, "id": original} == {**resource, "id": original}:
                break
            times += 1
            resource = {**resource, "id": stable_id(original, str(times))}
        else:
            found[f"{resource['resourceType']}/{resource['id']}"] = resource
    return list(found.values())
