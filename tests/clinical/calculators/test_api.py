"""The calculators' API and pages."""

import json

import pytest

from audit.services import BEGINNING_OF_TIME, recorded_since
from tests.clinical.web.conftest import sign_in  # noqa: F401 - a fixture

EGFR = "/api/v1/calculators/egfr-ckd-epi-2021"


@pytest.fixture
def post(sign_in):  # noqa: F811
    def posted(address, body, account="alma"):
        return sign_in(account).post(address, json.dumps(body), content_type="application/json")

    return posted


def test_every_calculator_is_listed_with_what_it_asks_for(sign_in):  # noqa: F811
    listed = {each["name"]: each for each in sign_in("ravi").get("/api/v1/calculators").json()}
    asked = {each["name"]: each for each in listed["egfr-ckd-epi-2021"]["inputs"]}
    assert asked["creatinine_mg_dl"]["unit"] == "mg/dL"
    assert asked["sex"]["choices"] == ["female", "male"]
    assert listed["egfr-ckd-epi-2021"]["sources"][0]["doi"] == "10.1056/NEJMoa2102953"


def test_a_score_comes_with_what_it_rests_on(post):
    given = {"creatinine_mg_dl": {"value": 120, "unit": "umol/L"}, "age_years": 60, "sex": "female"}
    result = post(EGFR, {"inputs": given}).json()
    assert result["text"] == "eGFR (CKD-EPI 2021) 45 mL/min/1.73 m²"
    assert result["meaning"].startswith("G3b")
    assert [each["origin"] for each in result["inputs"]] == ["given"] * 3


def test_what_is_missing_is_a_problem_that_names_it(post):
    response = post(EGFR, {"inputs": {"age_years": 60}})
    assert (response.status_code, response.json()["type"]) == (422, "urn:tacit:problem:input-missing")
    assert response.json()["missing"] == ["creatinine_mg_dl", "sex"]


def test_a_calculator_that_is_not_there_is_not_found(post):
    assert post("/api/v1/calculators/none", {}).json()["type"] == "urn:tacit:problem:calculator-not-found"


@pytest.mark.usefixtures("demo_ehr")
def test_a_chart_fills_what_is_not_given_and_access_is_recorded(post):
    result = post(EGFR, {"patient": "af-ckd", "inputs": {"age_years": 70}}).json()
    origins = {each["name"]: each["origin"] for each in result["inputs"]}
    assert origins == {"creatinine_mg_dl": "chart", "age_years": "given", "sex": "chart"}
    creatinine = result["inputs"][0]
    assert creatinine["reference"].startswith("Observation/")
    assert creatinine["age_days"] > 0
    event = list(recorded_since(BEGINNING_OF_TIME))[-1].event
    assert (event.action, event.patient_id) == ("calculate", "af-ckd")


@pytest.mark.usefixtures("demo_ehr")
def test_a_chart_that_is_not_ones_own_fills_nothing(post):
    assert post(EGFR, {"patient": "af-ckd"}, account="carla").status_code == 404
    assert post(EGFR, {"patient": "af-ckd"}, account="ravi").status_code == 403


def test_the_page_computes_without_a_script(sign_in):  # noqa: F811
    client = sign_in("ravi")
    page = client.get("/calculators/egfr-ckd-epi-2021").content.decode()
    assert "serum creatinine" in page
    assert "Fill from" not in page
    form = {"creatinine_mg_dl": "1,0", "age_years": "60", "sex": "female"}
    page = client.post("/calculators/egfr-ckd-epi-2021", form).content.decode()
    assert "mL/min/1.73 m²" in page
    assert 'value="1,0"' in page


def test_the_page_says_what_is_missing_and_keeps_what_was_typed(sign_in):  # noqa: F811
    response = sign_in("ravi").post("/calculators/egfr-ckd-epi-2021", {"age_years": "60"})
    assert response.status_code == 422
    assert "serum creatinine" in response.content.decode()
    assert 'value="60"' in response.content.decode()


@pytest.mark.usefixtures("demo_ehr")
def test_the_page_fills_the_form_from_the_chart_with_reference_and_age(sign_in):  # noqa: F811
    client = sign_in("alma")
    assert "?chart=yes" in client.get("/calculators/egfr-ckd-epi-2021").content.decode()
    assert "Adelaide" in client.get("/calculators/egfr-ckd-epi-2021?chart=yes").content.decode()
    page = client.post(
        "/calculators/egfr-ckd-epi-2021", {"patient": "af-ckd", "fill": "yes"}
    ).content.decode()
    assert 'value="1.68"' in page
    assert "days old" in page
    assert "Observation/" in page
