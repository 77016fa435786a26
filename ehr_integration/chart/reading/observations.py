"""An Observation in words: what was measured, the value and its unit, and the exact numbers in it."""

from collections.abc import Iterator

from ehr_integration.chart.domain import Category, Fact, Finding, FindingCode
from ehr_integration.chart.reading.elements import (
    LOINC,
    JsonObject,
    child,
    codes,
    concept_text,
    first_code,
    moment,
    words,
)
from ehr_integration.chart.reading.readings import Reading, Readings, reference_of, unreadable
from ehr_integration.chart.reading.values import (
    EXPECTED_DATE,
    PREGNANCY_STATUS,
    Value,
    read_blood_pressure,
    read_value,
)
from ehr_integration.chart.series import Measurement
from ehr_integration.chart.units.analytes import BY_CODE
from ehr_integration.fhir.json_values import objects

SETTLED = frozenset({"final", "amended", "corrected"})
LABORATORY = frozenset({"laboratory", "LAB"})  # LAB: HL7 v2 table 0074
VITAL_UNITS = frozenset({"mm[Hg]", "/min", "Cel", "kg", "cm", "kg/m2"})
VITAL_SIGNS = frozenset(
    {code for code, analyte in BY_CODE.items() if analyte.unit in VITAL_UNITS}
    | {"2708-6", "59408-5", "85354-9", "55284-4", "8716-3"}
)
DOUBTS = {
    FindingCode.MISSING_UNIT: "has a number without a unit. Check it in the EHR before using it.",
    FindingCode.UNKNOWN_UNIT: "has a unit that is not known or does not fit, so its number is only shown."
    " Check it in the EHR.",
    FindingCode.IMPOSSIBLE_VALUE: "has a value that is not physiologically possible, so its number is only shown."
    " Check it in the EHR.",
}


def categories_of(resource: JsonObject) -> set[Category]:
    """Return the categories that an Observation belongs to: as it says, else by its LOINC code.

    One without a category or a code that we know is taken for a laboratory result; other categories are not read.
    """
    code = codes(child(resource, "code"))
    if code & (PREGNANCY_STATUS | EXPECTED_DATE):
        return {Category.PREGNANCY}
    own = {code for given in objects(resource.get("category")) for code in codes(given)}
    named = {Category.VITAL_SIGNS} if Category.VITAL_SIGNS.value in own else set()
    named |= {Category.LABORATORY} if own & LABORATORY else set()
    if named:
        return named
    if code & VITAL_SIGNS:
        return {Category.VITAL_SIGNS}
    return {Category.LABORATORY} if not own or code & BY_CODE.keys() else set()


def read_laboratory(resource: JsonObject) -> Readings:
    """Return the laboratory result as a fact, with a finding where its number is in doubt."""
    if Category.LABORATORY in categories_of(resource):  # the EHR may answer more than was asked
        yield from read_measurement(resource, category=Category.LABORATORY)


def read_vital_sign(resource: JsonObject) -> Readings:
    """Return the vital sign as a fact, with a finding where its number is in doubt."""
    if Category.VITAL_SIGNS in categories_of(resource):
        yield from read_measurement(resource, category=Category.VITAL_SIGNS)


def read_measurement(resource: JsonObject, *, category: Category) -> Readings:
    """Return the observation as a fact of the category, and the findings about its number."""
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
    for doubt in sorted(value.doubts):
        text = f"{name} {DOUBTS[doubt]}"
        yield Finding(code=doubt, reference=reference_of(resource), text=text)


def _reading(resource: JsonObject, *, category: Category, name: str, value: Value) -> Reading:
    at = moment(resource, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    status = words(resource.get("status"))
    doubt = "" if status in SETTLED else f" ({status or 'status not given'})"
    fact = Fact(
        category=category,
        text=f"{name}{value.text}{doubt}",
        reference=reference_of(resource),
        on=at.on if at else None,
        name=name,
        value=value.value,
        unit=value.unit,
        code=first_code(child(resource, "code"), prefer=LOINC),
        status=status or None,
    )
    reading = Reading(fact=fact, at=at)
    return Reading(fact=fact, at=at, measurements=tuple(_measurements(reading, value)))


def _measurements(reading: Reading, value: Value) -> Iterator[Measurement]:
    fact, at = reading.fact, reading.at
    numbers = value.parts or [(fact.code, fact.name, value.value, value.unit)]
    for code, name, number, unit in numbers:
        if code and number is not None and unit is not None:
            yield Measurement(
                code=code,
                name=name,
                value=number,
                unit=unit,
                reference=fact.reference,
                on=fact.on,
                instant=at.instant if at else None,
            )
