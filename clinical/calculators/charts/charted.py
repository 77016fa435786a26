"""A calculator filled from a patient's chart: access first, and no more of the record than the formula asks for."""

from django.utils.timezone import localdate

from clinical.calculators.charts.filling import Filling, filling_of
from clinical.calculators.domain import Known
from clinical.calculators.registry import AnyCalculator
from compliance.access.domain import Action, Actor, Purpose
from compliance.access.services import authorize
from ehr_integration.chart.domain import Category, Need
from ehr_integration.chart.services import read_chart
from ehr_integration.fhir.origin import FhirEndpoint


def filled_from_chart(
    actor: Actor, calculator: AnyCalculator, *, patient_id: str, endpoint: FhirEndpoint | None = None
) -> Filling:
    """Return what the patient's chart tells of the inputs, after access was recorded.

    Raises: ComplianceError, AuditUnavailable, EhrError; NotApplicable where the chart speaks against the score.
    """
    grant = authorize(actor, patient_id=patient_id, purpose=Purpose.TREATMENT, action=Action.CALCULATE)
    chart = read_chart(grant, need=need_of(calculator), endpoint=endpoint)
    return filling_of(calculator, chart, on=localdate())


def need_of(calculator: AnyCalculator) -> Need:
    """Return the categories of the record that hold the inputs; none for what demographics tell."""
    asked = [each.asked for each in calculator.inputs.values() if each.asked.known not in set(Known)]
    categories: set[Category] = set()
    if any(each.loinc for each in asked):
        categories |= {Category.LABORATORY, Category.VITAL_SIGNS}
    if any(each.condition for each in asked) or calculator.not_with:
        categories.add(Category.CONDITIONS)
    return Need(categories=frozenset(categories))
