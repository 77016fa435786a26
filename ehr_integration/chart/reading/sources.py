"""Who or what says what a resource says: the person or organisation it names, else the system that sent it."""

from collections.abc import Iterator, Mapping

from ehr_integration.chart.reading.elements import JsonObject, child, words
from ehr_integration.fhir.json_values import objects

# Type: the elements that name who says it, the nearest to the statement first. Source: the R4 page of each resource.
SAID_BY: Mapping[str, tuple[str, ...]] = {
    "Condition": ("asserter", "recorder"),
    "AllergyIntolerance": ("asserter", "recorder"),
    "Observation": ("performer",),
    "MedicationRequest": ("reportedReference", "requester", "recorder"),
    "MedicationStatement": ("informationSource",),
    "MedicationAdministration": ("performer",),
    "MedicationDispense": ("performer",),
    "Procedure": ("asserter", "performer", "recorder"),
    "Encounter": ("serviceProvider", "participant"),
    "DocumentReference": ("author", "custodian"),
}


def source_of(resource: JsonObject) -> str | None:
    """Return the name of who says it, else the address of the system that sent it, None where neither is given."""
    named = (
        words(reference.get("display"))
        for element in SAID_BY.get(words(resource.get("resourceType")), ())
        for reference in _references(resource.get(element))
    )
    sender = words(child(resource, "meta").get("source"))
    return next(filter(None, named), "") or sender or None


def _references(value: object) -> Iterator[JsonObject]:
    """Yield the references of an element: alone, in a list, or of who took part."""
    for given in objects(value if isinstance(value, list) else [value]):
        yield child(given, "actor") or child(given, "individual") or given
