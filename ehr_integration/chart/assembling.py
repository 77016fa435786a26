"""A chart from its normalised categories, with the findings that only the whole of it shows."""

from collections.abc import Iterable, Sequence
from datetime import date

from ehr_integration.chart.currency import stale, uncoded
from ehr_integration.chart.domain import Chart, Finding, Patient
from ehr_integration.chart.normalise import Normalised


def assembled(
    patient: Patient, parts: Sequence[Normalised], *, findings: Iterable[Finding], on: date
) -> Chart:
    """Return the chart; `findings` are about how it was come by, what is stale is judged on the day."""
    facts = tuple(fact for part in parts for fact in part.facts)
    return Chart(
        patient=patient,
        facts=facts,
        findings=(
            *findings,
            *(finding for part in parts for finding in part.findings),
            *uncoded(facts),
            *stale(facts, on=on),
        ),
        measurements=tuple(one for part in parts for one in part.measurements),
    )
