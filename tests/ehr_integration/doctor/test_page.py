import pytest
from django.test import Client

from audit.services import BEGINNING_OF_TIME, recorded_since
from tests.conftest import PASSWORD
from tests.ehr_integration.doctor.healthy import an_ehr

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered(settings, tmp_path):
    settings.RUNS_SANDBOX = False
    settings.TACIT_EHRS = tmp_path / "ehrs.toml"
    with an_ehr(Condition=(403, {}, b"")) as ehr:
        settings.TACIT_EHRS.write_text(f'[st-mary]\nfhir_base_url = "{ehr.base_url}"\nis_internal = true\n')
        yield ehr


def signed_in(username):
    client = Client()
    client.login(username=username, password=PASSWORD)
    return client


def test_an_administrator_reads_what_to_tell_the_ehr_team(cast, registered):
    client = signed_in("ada")
    assert "st-mary" in client.get("/ehr/doctor").content.decode()
    page = client.post("/ehr/doctor", {"ehr": "st-mary", "patient": "p1"}).content.decode()
    letter = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "1. The search Condition by patient" in letter
    assert "p1" not in letter
    event = [row.event for row in recorded_since(BEGINNING_OF_TIME)][-1]
    assert (event.action, event.detail) == ("check-connection", {"ehr": "st-mary"})


@pytest.mark.parametrize("username", ["alma", "olga"])
def test_others_may_not(cast, registered, username):
    assert signed_in(username).get("/ehr/doctor").status_code == 403
    assert signed_in(username).post("/ehr/doctor", {"ehr": "st-mary"}).status_code == 403
    assert registered.requests == []


def test_what_is_no_id_is_told_and_nothing_is_asked(cast, registered):
    response = signed_in("ada").post("/ehr/doctor", {"ehr": "st-mary", "patient": "../x"})
    assert response.status_code == 400
    assert "no FHIR id" in response.content.decode()
    assert registered.requests == []


def test_an_ehr_that_is_not_registered_is_not_found(cast, registered):
    assert signed_in("ada").post("/ehr/doctor", {"ehr": "http://127.0.0.1/fhir"}).status_code == 404
