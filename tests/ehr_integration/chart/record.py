"""The answers of an EHR that holds the whole record of patient p1."""

from ehr_integration.chart.domain import Category, Need
from tests.ehr_integration.chart.resources import (
    allergy,
    condition,
    note,
    observation,
    order,
    patient,
    pressure,
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
        "/fhir/Observation": bundle(
            pressure(142, 86) if query.get("category") == ["vital-signs"] else observation()
        ),
    }
    return answers.get(path, (404, {}, b""))


def record_with(**changed):
    """The record, with the answer to some resource types replaced."""

    def answer(path, query):
        name = path.split("/")[2]
        return changed[name] if name in changed else record(path, query)

    return answer
