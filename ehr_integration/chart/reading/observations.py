"""An Observation in words: what was measured, the value, and its unit as given."""

from ehr_integration.chart.domain import Category, Fact, Finding, FindingCode
from ehr_integration.chart.reading.elements import (
    JsonObject,
    child,
    codes,
    concept_text,
    first_code,
    moment,
    objects,
    words,
)
from ehr_integration.chart.reading.readings import Reading, Readings, reference_of, unreadable
from ehr_integration.chart.reading.values import Value, read_blood_pressure, read_value

SETTLED = frozenset({"final", "amended", "corrected"})


def read_laboratory(resource: JsonObject) -> Readings:
    """Return the laboratory result as a fact, with a finding where a unit is missing."""
    yield from _read(resource, category=Category.LABORATORY)


def read_vital_sign(resource: JsonObject) -> Readings:
    """Return the vital sign as a fact, with a finding where a unit is missing."""
    yield from _read(resource, category=Category.VITAL_SIGNS)


def _read(resource: JsonObject, *, category: Category) -> Readings:
    own = {code for given in objects(resource.get("category")) for code in codes(given)}
    if own and category.value not in own:
        return  # the EHR answered more than was asked
    pressure = read_blood_pressure(resource)
    name = "Blood pressure" if pressure else concept_text(child(resource, "code"))
    value = pressure or read_value(resource, name=name)
    if not name or value is None:
        if not resource.get("hasMember"):  # else a panel, whose members are results of their own
            yield unreadable(
                resource, f"{name} has no readable value" if name else "it does not say what it measures"
            )
        return
    yield _reading(resource, category=category, name=name, value=value)
    if value.is_unit_missing:
        yield Finding(
            code=FindingCode.MISSING_UNIT,
            reference=reference_of(resource),
            text=f"{name} has a number without a unit. Check it in the EHR before using it.",
        )


def _reading(resource: JsonObject, *, category: Category, name: str, value: Value) -> Reading:
    at = moment(resource, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    status = words(resource.get("status"))
    doubt = "" if status in SETTLED else f" ({status or 'status not given'})"
    return Reading(
        fact=Fact(
            category=category,
            text=f"{name}{value.text}{doubt}",
            reference=reference_of(resource),
            on=at.on if at else None,
            name=name,
            value=value.value,
            unit=value.unit,
            code=first_code(child(resource, "code")),
            status=status or None,
        ),
        at=at,
    )
