"""JSON that is broken, ambiguous or hostile is refused by name, and quotes nothing of the record."""

from datetime import date

import pytest

from ehr_integration.chart import records
from ehr_integration.chart.bundles import chart_from_json
from ehr_integration.chart.records import read_json
from ehr_integration.errors import ChartRefusal, ChartRefused

ON = date(2024, 6, 1)
PATIENT = b'{"resourceType": "Patient", "id": "p1"}'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", ChartRefusal.NOT_JSON),
        (b"{", ChartRefusal.NOT_JSON),
        (b'{"resourceType": "Patient", "id": "p1", "id": "p2"}', ChartRefusal.NOT_JSON),
        (b'{"resourceType": "Patient", "id": "p1", "a": {"b": 1, "b": 1}}', ChartRefusal.NOT_JSON),
        (b'{"resourceType": "Patient", "id": "p1", "a": NaN}', ChartRefusal.NOT_JSON),
        (b'{"resourceType": "Patient", "id": "p1", "a": -Infinity}', ChartRefusal.NOT_JSON),
        (b'{"resourceType": "Patient", "id": "p1", "a": ' + b"9" * 5000 + b"}", ChartRefusal.NOT_JSON),
        (b'{"resourceType": "Patient", "id": "secret\xff"}', ChartRefusal.NOT_JSON),
        (PATIENT + b" " + PATIENT, ChartRefusal.NOT_JSON),
        (PATIENT + b"\n{", ChartRefusal.NOT_JSON),
        (b"[" * 10_000 + b"]" * 10_000, ChartRefusal.TOO_DEEP),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, ChartRefusal.TOO_DEEP),
        (b"3", ChartRefusal.NOT_FHIR),
        (b"null", ChartRefusal.NOT_FHIR),
        (b"[]", ChartRefusal.NOT_FHIR),
        (b'"Patient"', ChartRefusal.NOT_FHIR),
    ],
)
def test_what_is_not_fhir_json_is_refused(body, code):
    with pytest.raises(ChartRefused) as refused:
        chart_from_json(body, on=ON)
    assert refused.value.code == code
    assert "secret" not in str(refused.value)


def test_more_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(records, "MAX_BYTES", 20)
    with pytest.raises(ChartRefused) as refused:
        read_json(PATIENT)
    assert refused.value.code == ChartRefusal.TOO_LARGE


def test_lines_and_lists_are_values_one_by_one():
    assert read_json(PATIENT + b"\r\n\r\n" + PATIENT) == read_json(b"[" + PATIENT + b"," + PATIENT + b"]")
    assert len(read_json(PATIENT)) == 1


@pytest.mark.parametrize("number", [b"1e400", b"-1e999", b"9" * 400])
def test_a_number_beyond_all_numbers_is_no_value(number):
    body = (
        b'{"resourceType": "Observation", "id": "1", "status": "final", "subject": {"reference": "Patient/1"},'
        b' "code": {"text": "x"}, "valueQuantity": {"unit": "g", "value": ' + number + b"}}"
    )
    chart = chart_from_json(body, on=ON)
    assert chart.facts == ()
    assert chart.measurements == ()
