"""The demo EHR examined as it is started: open, and with every request asked for a token."""

import sys

import httpx
import pytest

from config.processes import Process, running
from ehr_integration.connections.domain import ClientAuthentication, Connection
from ehr_integration.doctor.domain import Area, Severity
from ehr_integration.doctor.examining import examine
from ehr_integration.smart.keys import public_key_set
from tests.conftest import free_port
from tests.ehr_integration.doctor.healthy import codes
from tests.ehr_integration.ehr import serving


@pytest.mark.usefixtures("demo_ehr")
def test_the_demo_ehr_is_healthy(settings):
    connection = Connection(name="x", fhir_base_url=settings.FHIR_BASE_URL, is_internal=True)
    examination = examine(connection)
    assert codes(examination, Severity.ERROR) == codes(examination, Severity.WARNING) == set()
    assert {each.area for each in examination.findings} == set(Area)


@pytest.fixture
def protected(settings, tmp_path):
    """The demo EHR that asks for tokens and knows our keys; gives its origin."""
    settings.TACIT_CLIENT_KEYS = tmp_path / "keys"
    origin = f"http://127.0.0.1:{free_port()}"
    with serving(lambda path, query: public_key_set()) as tacit:
        app_url = tacit.base_url.removesuffix("/fhir")
        command = [
            *(sys.executable, "-m", "ehr_integration.sandbox", "--protected", "--app-url", app_url),
            *("--port", origin.rpartition(":")[2]),
        ]
        with running(
            Process(name="protected-ehr", command=command, is_ready=lambda: _answers(origin)),
        ):
            yield origin


def _answers(origin):
    try:
        return httpx.get(f"{origin}/fhir/metadata", timeout=2).is_success
    except httpx.HTTPError:
        return False


def test_the_protected_demo_ehr_is_healthy_for_a_backend_client(protected):
    connection = Connection(
        name="x",
        fhir_base_url=f"{protected}/fhir",
        client_id="tacit",
        client_authentication=ClientAuthentication.PRIVATE_KEY,
        backend_client_id="tacit-backend",
        cds_issuer=protected,
        cds_jku=f"{protected}/.well-known/jwks.json",
        is_internal=True,
    )
    examination = examine(connection)
    assert codes(examination, Severity.ERROR) == codes(examination, Severity.WARNING) == set()
    assert {"smart", "scopes", "search", "chart", "paging", "cds"} <= codes(examination, Severity.OK)


def test_without_a_client_the_protected_demo_ehr_shows_nobody(protected):
    examination = examine(Connection(name="x", fhir_base_url=f"{protected}/fhir", is_internal=True))
    assert "searches-no-patient" in codes(examination, Severity.WARNING)
    assert "search" not in codes(examination)
