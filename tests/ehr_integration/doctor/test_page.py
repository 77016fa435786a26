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
    assert "The search Condition by patient" in page
    event = [row.event for row in recorded_since(BEGINNING_OF_TIME)][-1]
    assert (event.action, event.detail) == ("check-connection", {"ehr": "st-mary"})


@pytest.mark.parametrize("username", ["alma", "olga"])
def test_others_may_not(cast, registered, username):
    assert signed_in(username).get("/ehr/doctor").status_code == 403
    assert signed_in(username).post("/ehr/doctor", {"ehr": "st-mary"}).status_code == 403
    assert registered.requests == []
