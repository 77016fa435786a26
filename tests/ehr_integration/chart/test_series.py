"""Numbers of one measurand become one series in one unit, oldest first; nothing is left out in silence."""

from datetime import date

import pytest

from ehr_integration.chart.bundles import chart_from_resources
from tests.ehr_integration.chart.resources import observation, patient, pressure, quantity

ON = date(2024, 6, 1)


def creatinine(key, value, unit, on, code="2160-0"):
    coding = {"system": "http://loinc.org", "code": code}
    return observation(
        key,
        code={"coding": [coding], "text": "Creatinine"},
        valueQuantity=quantity(value, unit),
        effectiveDateTime=on,
    )


def chart_of(*resources):
    return chart_from_resources([patient(), *resources], patient_id=None, on=ON)


def test_values_in_different_units_are_one_series():
    chart = chart_of(creatinine("2", 177, "umol/L", "2024-05"), creatinine("1", 1.5, "mg/dL", "2023"))
    series = chart.series("2160-0")
    assert (series.name, series.unit, series.code) == ("Creatinine", "mg/dL", "http://loinc.org|2160-0")
    assert [(point.on, round(point.value, 2), point.reference) for point in series.points] == [
        (date(2023, 1, 1), 1.5, "Observation/1"),
        (date(2024, 5, 1), 2.0, "Observation/2"),
    ]


def test_a_series_may_be_asked_for_in_another_unit_and_under_several_codes():
    chart = chart_of(creatinine("1", 1, "mg/dL", "2023"), creatinine("2", 2, "mg/dL", "2024", code="38483-4"))
    series = chart.series("http://loinc.org|2160-0", "38483-4", unit="umol/L")
    assert [round(point.value, 1) for point in series.points] == [88.4, 176.8]


def test_more_values_than_become_facts_are_in_the_series():
    chart = chart_of(*(creatinine(f"{year}", 1, "mg/dL", f"{year}") for year in range(2000, 2020)))
    assert len(chart.facts) == 5
    assert len(chart.series("2160-0").points) == 20


def test_a_blood_pressure_gives_two_series():
    chart = chart_of(pressure(142, 86))
    assert chart.series("8480-6").points[0].value == 142
    assert chart.series("8462-4").points[0].value == 86
    assert chart.series("8462-4").unit == "mm[Hg]"


def test_what_cannot_be_placed_or_converted_is_named():
    chart = chart_of(
        creatinine("1", 1, "mg/dL", None), creatinine("2", 1, "mg/dL", "2024"), pressure(142, 86, "3")
    )
    assert chart.series("2160-0").left_out == ("Observation/1",)
    assert chart.series("8480-6", unit="mg/dL").left_out == ("Observation/3",)


@pytest.mark.parametrize(
    "given",
    [
        {"value": 1.5},
        quantity(1.5, "bananas"),
        quantity(1500, "mg/dL"),
        {**quantity(1.5, "mg/dL"), "comparator": "<"},
        quantity(1.5, "mm[Hg]"),
        {"value": 1.5, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mg/dL"},
    ],
)
def test_a_doubtful_number_is_in_no_series(given):
    chart = chart_of({**creatinine("1", 1, "mg/dL", "2024"), "valueQuantity": given})
    assert chart.facts[0].text.startswith("Creatinine")
    assert chart.series("2160-0") is None


def test_a_patient_without_the_measurement_has_no_series():
    assert chart_of().series("2160-0") is None
