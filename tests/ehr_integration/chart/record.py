"""The answers of an EHR that holds the whole record of patient p1."""

from ehr_integration.chart.domain import Category, Need
from tests.ehr_integration.chart.resources import (
    allergy,
    condition,
    encounter,
    note,
    observation,
    order,
    patient,
    pregnancy,
    pressure,
    procedure,
)
from tests.ehr_integration.ehr import bundle

EVERYTHING = Need(categories=frozenset(Category))


def need(*categories):
    return Need(categories=frozenset(categories))


def record(path, query):
    """The whole record of p1."""
    answers = {
        "/fhir/Patient/p1": patient(),
        "/fhir/Condition": bundle(condition()),
        "/fhir/MedicationRequest": bundle(order()),
        "/fhir/AllergyIntolerance": bundle(allergy()),
        "/fhir/DocumentReference": bundle(note("Seen today.")),
        "/fhir/Procedure": bundle(procedure()),
        "/fhir/Encounter": bundle(encounter()),
        "/fhir/Observation": bundle(_observation(query)),
    }
    if path == "/fhir/Condition" and "code" in query:
        return bundle()
    return answers.get(path, (404, {}, b""))


def _observation(query):
    if "code" in query:
        return pregnancy()
    return pressure(142, 86) if query.get("category") == ["vital-signs"] else observation()


def record_with(**changed):
    """The record, with the answer to some resource types replaced."""

    def answer(path, query):
        name = path.split("/")[2]
        return changed[name] if name in changed else record(path, query)

    return answer
