"""Charts of one patient, put together from a few words."""

from datetime import date

from ehr_integration.chart.domain import Category, Chart, Fact, Patient
from ehr_integration.chart.series import Measurement

ON = date(2026, 11, 26)


def fact(category, name, *, status="active", code=None, kind="", on=ON):
    kinds = {
        Category.CONDITIONS: "Condition",
        Category.MEDICATIONS: "MedicationRequest",
        Category.ALLERGIES: "AllergyIntolerance",
        Category.PREGNANCY: "Condition",
    }
    reference = f"{kind or kinds[category]}/{name.replace(' ', '-').lower()}"
    return Fact(category=category, text=name, name=name, reference=reference, on=on, status=status, code=code)


def chart(
    *,
    takes=(),
    allergic_to=(),
    has=(),
    pregnant=False,
    creatinine=None,
    sex="female",
    born=date(1950, 1, 1),
    on=ON,
):
    facts = [
        *(fact(Category.MEDICATIONS, name) for name in takes),
        *(fact(Category.ALLERGIES, name) for name in allergic_to),
        *(fact(Category.CONDITIONS, name) for name in has),
    ]
    if pregnant:
        facts.append(fact(Category.PREGNANCY, "Pregnant"))
    measured = []
    if creatinine is not None:
        measured.append(
            Measurement(
                code="http://loinc.org|2160-0",
                name="Creatinine",
                value=creatinine,
                unit="mg/dL",
                reference="Observation/c",
                on=on,
            )
        )
    patient = Patient(id="p", name="Ann", sex=sex, birth_date=born)
    return Chart(patient=patient, facts=tuple(facts), measurements=tuple(measured))
