"""An Encounter in words: what kind of visit or stay, when, and why."""

from ehr_integration.chart.domain import Category, Fact
from ehr_integration.chart.reading.elements import (
    JsonObject,
    child,
    concept_text,
    first_code,
    moment,
    words,
)
from ehr_integration.chart.reading.readings import Reading, Readings, reference_of
from ehr_integration.fhir.json_values import objects

CLASSES = {  # HL7 v3 ActCode
    "AMB": "Ambulatory visit",
    "EMER": "Emergency visit",
    "IMP": "Inpatient stay",
    "ACUTE": "Inpatient stay",
    "NONAC": "Inpatient stay",
    "OBSENC": "Observation stay",
    "PRENC": "Pre-admission",
    "SS": "Short stay",
    "VR": "Virtual visit",
    "HH": "Home visit",
    "FLD": "Field visit",
}


def read_encounter(resource: JsonObject) -> Readings:
    """Return the encounter as a fact: "Emergency visit: chest pain (finished, 2021-03-02)"."""
    kind = child(resource, "class")
    types = objects(resource.get("type"))
    title = next(filter(None, map(concept_text, types)), "")
    setting = CLASSES.get(words(kind.get("code")), words(kind.get("display")))
    name = ", ".join(filter(None, [setting, title])) or "Encounter"
    at, status = moment(resource, "period"), words(resource.get("status")) or None
    reasons = "; ".join(filter(None, map(concept_text, objects(resource.get("reasonCode")))))
    said = ", ".join(filter(None, [(status or "status not given").replace("-", " "), _days(resource)]))
    yield Reading(
        fact=Fact(
            category=Category.ENCOUNTERS,
            text=f"{name}{f': {reasons}' if reasons else ''} ({said})",
            reference=reference_of(resource),
            on=at.on if at else None,
            name=name,
            code=first_code(types[0]) if types else None,
            status=status,
        ),
        at=at,
    )


def _days(resource: JsonObject) -> str:
    """Return the day, or the first and last days."""
    period = child(resource, "period")
    first, last = moment(period, "start"), moment(period, "end")
    if first and last and first.given != last.given:
        return f"{first.given} to {last.given}"
    known = first or last
    return known.given if known else ""
