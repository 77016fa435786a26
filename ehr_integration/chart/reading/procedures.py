"""A Procedure in words: what was done, when, or that it was not done."""

from ehr_integration.chart.domain import Category, Fact
from ehr_integration.chart.reading.elements import (
    SNOMED_CT,
    JsonObject,
    child,
    concept_text,
    first_code,
    moment,
    words,
)
from ehr_integration.chart.reading.readings import Reading, Readings, reference_of, unreadable


def read_procedure(resource: JsonObject) -> Readings:
    """Return the procedure as a fact; one that was not done says so first."""
    code, status = child(resource, "code"), words(resource.get("status")) or None
    name = concept_text(code)
    if not name:
        yield unreadable(resource, "it does not say which procedure it is")
        return
    at = moment(resource, "performedDateTime", "performedPeriod")
    when = at.given if at else words(resource.get("performedString"))
    said = ", ".join(filter(None, [(status or "status not given").replace("-", " "), when]))
    yield Reading(
        fact=Fact(
            category=Category.PROCEDURES,
            text=f"Not done: {name}" if status == "not-done" else f"{name} ({said})",
            reference=reference_of(resource),
            on=at.on if at else None,
            name=name,
            code=first_code(code, prefer=SNOMED_CT),
            status=status,
        ),
        at=at,
    )
