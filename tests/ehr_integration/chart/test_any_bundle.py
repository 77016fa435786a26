"""Any JSON whatever becomes a chart or a refusal by name, and nothing else."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehr_integration.chart.bundles import chart_from_json, chart_from_resources
from ehr_integration.errors import ChartRefusal, ChartRefused
from tests.ehr_integration.chart.test_any_json import ODD_JSON, every_path, replaced
from tests.ehr_integration.chart.test_bundles import RECORD, bundle

ON = date(2024, 6, 1)
WHOLE = bundle(
    *RECORD,
    {"resourceType": "MedicationStatement", "id": "s", "subject": {"reference": "Patient/p1"}, "dosage": []},
    urls=["urn:uuid:1", "http://a.example/Condition/c1"],
    link=[{"relation": "self", "url": "x"}],
)
PATHS = [path for path in every_path(WHOLE) if path]
TYPES = st.sampled_from(["Bundle", "Patient", "Observation", "OperationOutcome", "Encounter", "Medication"])


def survives(make):
    chart = chart_unless_refused(make)
    if chart is None:
        return
    for said in (*chart.facts, *chart.findings):
        assert said.text == " ".join(said.text.split())
        assert said.text.encode()
    assert all(abs(one.value) < float("inf") for one in chart.measurements)


def chart_unless_refused(make):
    try:
        return make()
    except ChartRefused as refused:
        return None if refused.code in set(ChartRefusal) else pytest.fail(f"unknown code {refused.code}")


@given(data=st.data())
def test_odd_json_anywhere_in_a_bundle_is_survived(data):
    odd = replaced(WHOLE, data.draw(st.sampled_from(PATHS)), data.draw(ODD_JSON))
    survives(lambda: chart_from_resources([odd], patient_id=None, on=ON))


@given(whole=st.lists(ODD_JSON, max_size=3), kind=TYPES, patient_id=st.sampled_from([None, "p1"]))
def test_odd_resources_are_survived(whole, kind, patient_id):
    typed = [{**item, "resourceType": kind} if isinstance(item, dict) else item for item in whole]
    survives(lambda: chart_from_resources(typed, patient_id=patient_id, on=ON))


@given(st.binary(max_size=60))
def test_any_bytes_are_survived(body):
    survives(lambda: chart_from_json(body, on=ON))


@given(data=st.data())
def test_a_bundle_with_any_byte_changed_is_survived(data):
    body = bytearray(json.dumps(WHOLE).encode())
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    survives(lambda: chart_from_json(bytes(body), on=ON))


@pytest.mark.parametrize("depth", [50, 400])
def test_bundles_nested_deeply_are_read(depth):
    nested = bundle(*RECORD)
    for _ in range(depth):
        nested = bundle(nested)
    assert chart_from_resources([nested], patient_id=None, on=ON).facts
