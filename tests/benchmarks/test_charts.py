"""The benchmark of charts, on two small records: one patient's bundle of the size asked for, and all figures."""

import json
import sys

import pytest

from benchmarks import charts
from ehr_integration.chart.bundles import chart_from_json
from tests.ehr_integration.chart.resources import condition, observation, patient


def bundle(key):
    url = f"urn:uuid:{key}"
    subject = {"reference": url}
    held = [patient(key), condition("c", subject=subject), observation("o", subject=subject)]
    entries = [
        {"fullUrl": url if at == 0 else f"{url}-{at}", "resource": each, "request": {"method": "POST"}}
        for at, each in enumerate(held)
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def test_the_large_bundle_is_one_patients_and_of_the_size():
    body = charts.merged([bundle("p1"), bundle("p2")], at_least=3_000)
    assert 3_000 <= len(body) < 5_000
    resources = [each["resource"] for each in json.loads(body)["entry"]]
    assert [each["id"] for each in resources if each["resourceType"] == "Patient"] == ["p1"]
    assert [each["resourceType"] for each in resources].count("Condition") == 2
    assert chart_from_json(body, on=charts.ON).patient.id == "p1"


def test_too_little_data_is_told():
    with pytest.raises(ValueError, match="fewer megabytes"):
        charts.merged([bundle("p1")], at_least=1_000_000)


def test_the_figures_are_one_object(tmp_path, monkeypatch, capsys):
    for key in ("p1", "p2"):
        (tmp_path / key).write_text(json.dumps(bundle(key)))
    asked = ["charts", "--data", str(tmp_path), "--megabytes", "0.001", "--rounds", "2", "--json"]
    monkeypatch.setattr(sys, "argv", asked)
    charts.main()
    figures = json.loads(capsys.readouterr().out)
    assert figures["bundle_bytes"] >= 1000
    assert (figures["files"], figures["rounds"]) == (2, 2)
    assert figures["chart_p50_ms"] > 0
    assert figures["fhir_resources_p50_ms"] > 0


def test_a_folder_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["charts", "--data", str(tmp_path / "nowhere")])
    with pytest.raises(SystemExit, match="nowhere"):
        charts.main()
