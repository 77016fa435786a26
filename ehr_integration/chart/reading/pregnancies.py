"""Pregnancy: the recorded status, the expected date of delivery, and conditions that mean being pregnant."""

from ehr_integration.chart.domain import Category, Fact
from ehr_integration.chart.reading.conditions import read_condition
from ehr_integration.chart.reading.elements import (
    JsonObject,
    child,
    codes,
    concept_text,
    first_code,
    moment,
    system_of,
    words,
)
from ehr_integration.chart.reading.observations import SETTLED, categories_of
from ehr_integration.chart.reading.readings import Reading, Readings, reference_of, unreadable
from ehr_integration.chart.reading.values import EXPECTED_DATE
from ehr_integration.fhir.json_values import objects

PREGNANT, NOT_PREGNANT, POSSIBLY, UNKNOWN = "pregnant", "not-pregnant", "possibly-pregnant", "unknown"
STATUSES = {  # SNOMED CT and LOINC answers. Source: US Core, Observation Pregnancy Status; LOINC 82810-3
    "77386006": PREGNANT,
    "LA15173-0": PREGNANT,
    "60001007": NOT_PREGNANT,
    "LA26683-5": NOT_PREGNANT,
    "146799005": POSSIBLY,
    "152231000119106": POSSIBLY,  # not yet confirmed
    "LA4489-6": UNKNOWN,
    "261665006": UNKNOWN,
    "UNK": UNKNOWN,
}
CONDITIONS = {  # SNOMED CT
    "77386006": "pregnant",
    "72892002": "normal pregnancy",
    "47200007": "high-risk pregnancy",
    "16356006": "multiple pregnancy",
    "65147003": "twin pregnancy",
    "34801009": "ectopic pregnancy",
    "79586000": "tubal pregnancy",
    "398254007": "pre-eclampsia",
    "11687002": "gestational diabetes mellitus",
}
# ICD-10-CM: pregnant state, its supervision, weeks of gestation, and chapter 15 before labour.
ICD_10 = (
    "Z33.1",
    "Z33.3",
    "Z34",
    "Z3A",
    "O09",
    "O1",
    "O2",
    "O30",
    "O31",
    "O32",
    "O33",
    "O34",
    "O35",
    "O36",
    "O4",
)
# What an EHR is asked for. Each pregnancy that is coded by ICD-10-CM has one of these, since a code of chapter 15 goes
# with the weeks of gestation. Source: ICD-10-CM Official Guidelines for Coding and Reporting, section I.C.15 and I.C.21.
ICD_10_CODES = (
    "Z33.1",
    *(f"Z34.{kind}{trimester}" for kind in (0, 8, 9) for trimester in (0, 1, 2, 3)),
    *(f"Z3A.{weeks:02}" for weeks in (0, 1, *range(8, 43), 49)),
)


def is_pregnancy(resource: JsonObject) -> bool:
    """Whether an Observation or a Condition is about a pregnancy."""
    if resource.get("resourceType") == "Observation":
        return Category.PREGNANCY in categories_of(resource)
    return any(_means_pregnant(coding) for coding in objects(child(resource, "code").get("coding")))


def read_pregnancy_observation(resource: JsonObject) -> Readings:
    """Return the status or the expected date of delivery of an Observation about a pregnancy as a fact."""
    code, at = child(resource, "code"), moment(resource, "effectiveDateTime", "effectivePeriod", "issued")
    expected = moment(resource, "valueDateTime")
    status: str | None = None
    if codes(code) & EXPECTED_DATE:
        name, said = "Expected date of delivery", expected.given if expected else ""
    else:
        answer = child(resource, "valueCodeableConcept")
        name, said = "Pregnancy status", concept_text(answer) or words(resource.get("valueString"))
        status = next((STATUSES[found] for found in sorted(codes(answer)) if found in STATUSES), UNKNOWN)
    if not said:
        yield unreadable(resource, "it is about a pregnancy, and has no readable value")
        return
    settled = words(resource.get("status"))
    doubt = "" if settled in SETTLED else f" ({settled or 'status not given'})"
    yield Reading(
        fact=Fact(
            category=Category.PREGNANCY,
            text=f"{name}: {said}{doubt}",
            reference=reference_of(resource),
            on=at.on if at else None,
            name=name,
            code=first_code(code),
            status=status,
        ),
        at=at,
    )


def read_pregnancy_condition(resource: JsonObject) -> Readings:
    """Return a condition that means a pregnancy as a fact of the category."""
    for item in read_condition(resource):
        yield item.moved_to(Category.PREGNANCY) if isinstance(item, Reading) else item


def _means_pregnant(coding: JsonObject) -> bool:
    code, system = words(coding.get("code")), system_of(coding)
    if "icd-10" in system:
        return code == "Z33" or code.startswith(ICD_10)
    return code in CONDITIONS and system in {"http://snomed.info/sct", ""}
