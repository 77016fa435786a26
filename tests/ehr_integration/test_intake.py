"""A file is told by its content; what no chart can be made of is refused by name, never a crash."""

import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ehr_integration import intake
from ehr_integration.errors import ChartRefusal, ChartRefused
from ehr_integration.intake import read_file
from tests.ehr_integration.chart.resources import condition, patient

ON = date(2024, 6, 1)
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "fhir"
BUNDLE = json.dumps(
    {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": patient()}, {"resource": condition()}],
    }
).encode()


def read(folder, body, name="record"):
    path = folder / name
    path.write_bytes(body)
    return read_file(path, on=ON)


@pytest.mark.parametrize("body", [BUNDLE, gzip.compress(BUNDLE, mtime=0), b"\xef\xbb\xbf \n" + BUNDLE])
def test_a_file_is_read_whatever_its_name(tmp_path, body):
    assert [fact.reference for fact in read(tmp_path, body, "x.hl7").facts] == ["Condition/c1"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", ChartRefusal.UNKNOWN_FORMAT),
        (b"\x00\x01", ChartRefusal.UNKNOWN_FORMAT),
        (b"Dear colleague", ChartRefusal.UNKNOWN_FORMAT),
        (gzip.compress(BUNDLE, mtime=0)[:40], ChartRefusal.UNKNOWN_FORMAT),
        (b"\x1f\x8b\x08\x00garbage", ChartRefusal.UNKNOWN_FORMAT),
        (b"{", ChartRefusal.NOT_JSON),
        (b'{"resourceType": "Questionnaire"}', ChartRefusal.NO_PATIENT),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path, body, code):
    with pytest.raises(ChartRefused) as refused:
        read(tmp_path, body)
    assert refused.value.code == code


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_that_is_or_unpacks_too_large_is_refused(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(intake, "MAX_BYTES", 10_000)
    with pytest.raises(ChartRefused) as refused:
        read(tmp_path, pack(b"[" + b" " * 20_000 + b"]"))
    assert refused.value.code == ChartRefusal.TOO_LARGE


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public FHIR samples are not beside this checkout")
@pytest.mark.parametrize(("folder", "charts"), [("synthea_r4", 1.0), ("us_core", 0.7), ("odd", 0.2)])
def test_every_public_sample_is_a_chart_or_a_refusal(folder, charts):
    outcomes = Counter(_outcome(path) for path in (SAMPLES / folder).iterdir())
    assert outcomes["chart"] / outcomes.total() >= charts
    assert set(outcomes) <= {"chart", *ChartRefusal}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public FHIR samples are not beside this checkout")
def test_every_series_of_the_whole_patients_is_what_their_bundles_hold():
    compared = 0
    for path in (SAMPLES / "synthea_r4").iterdir():
        chart = read_file(path, on=ON)
        for code, values in _measured(json.loads(gzip.decompress(path.read_bytes()))).items():
            found = chart.series(code)
            assert found is not None
            assert sorted((str(point.on), point.value) for point in found.points) == sorted(values)
            compared += len(values)
    assert compared > 1000


def _outcome(path):
    try:
        read_file(path, on=ON)
    except ChartRefused as refused:
        return refused.code
    return "chart"


def _measured(bundle):
    """The LOINC code, day and number of everything measured, read plainly: Synthea uses the usual units."""
    found: dict[str, list[tuple[str, float]]] = {}
    seen = set()
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] != "Observation":
            continue
        if resource["category"][0]["coding"][0]["code"] not in {"laboratory", "vital-signs"}:
            continue
        for element in (resource, *resource.get("component", [])):
            if "valueQuantity" in element:
                code = element["code"]["coding"][0]["code"]
                value = (resource["effectiveDateTime"][:10], float(element["valueQuantity"]["value"]))
                if (code, resource["effectiveDateTime"], value) not in seen:
                    found.setdefault(code, []).append(value)
                seen.add((code, resource["effectiveDateTime"], value))
    return found
