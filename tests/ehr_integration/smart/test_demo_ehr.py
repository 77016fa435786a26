"""A launch and a backend service against the demo EHR's own process, which shows nothing without a token."""

import json
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from config import processes
from ehr_integration.chart.domain import Category, Need
from ehr_integration.chart.services import read_chart
from ehr_integration.connections.store import connection_named
from ehr_integration.errors import EhrRefused, PatientNotFound
from ehr_integration.smart import renewing
from ehr_integration.smart.backend import backend_endpoint, forget_backend_tokens
from ehr_integration.smart.discovery import forget_configurations
from ehr_integration.smart.keys import public_key_set
from ehr_integration.smart.sessions import endpoint_of
from tests.conftest import free_port
from tests.ehr_integration.grants import grant_for
from tests.ehr_integration.smart.launched import current, launch_in, request_in
from tests.serving import served


class KeySet(BaseHTTPRequestHandler):
    """Our key set, where the EHR looks for it."""

    def do_GET(self):
        body = json.dumps(public_key_set()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Clinician:
    """Who is signed in to the EHR, and opens us from there."""

    def __init__(self, url):
        self.url, self.cookies, self.browser = url, httpx.Cookies(), Client()
        self.ask_ehr("POST", "/sign-in", data={"user": "alma", "back_to": "/"})
        self.csrf = self.ask_ehr("GET", "/launcher").text.split('name="csrf" value="')[1].split('"')[0]

    def ask_ehr(self, method, address, **more):
        with httpx.Client(base_url=self.url, cookies=self.cookies) as client:
            response = client.request(method, address, **more)
            self.cookies.update(client.cookies)
            return response

    def launched_to(self, patient="af-ckd"):
        form = {"csrf": self.csrf, "client": "tacit", "patient": patient, "banner": "yes", "app_context": "x"}
        return self.ask_ehr("POST", "/launch", data=form).headers["Location"]

    def authorized(self, address):
        """Return where the EHR's authorization server sends the browser, which we sent there."""
        return self.ask_ehr("GET", address).headers["Location"]

    def visit(self, address):
        parts = urlsplit(address)
        return self.browser.get(parts.path, parse_qs(parts.query))

    def launch(self):
        return self.visit(self.authorized(self.visit(self.launched_to())["Location"]))


@pytest.fixture
def clinician(db, settings, tmp_path, redis_server):
    settings.SANDBOX_PORT = free_port()
    settings.FHIR_BASE_URL = f"http://127.0.0.1:{settings.SANDBOX_PORT}/fhir"
    settings.TACIT_CLIENT_KEYS, settings.TACIT_EHRS = tmp_path / "keys", tmp_path / "ehrs.toml"
    server = HTTPServer(("127.0.0.1", 0), KeySet)
    settings.TACIT_BASE_URL = f"http://127.0.0.1:{server.server_port}"
    forget_configurations()
    forget_backend_tokens()
    ehr = processes.sandbox()
    with served(server), processes.running(replace(ehr, command=[*ehr.command, "--protected"])):
        yield Clinician(settings.FHIR_BASE_URL.removesuffix("/fhir"))
    forget_backend_tokens()


def chart(patient, endpoint):
    return read_chart(grant_for(patient), need=Need(categories=frozenset(Category)), endpoint=endpoint)


def test_from_the_record_to_the_chart_and_back(clinician, monkeypatch):
    assert clinician.launch()["Location"] == "/ask"
    launch = launch_in(clinician.browser)
    assert (launch.fhir_user, launch.patient) == ("Practitioner/alma", "af-ckd")
    assert (launch.need_patient_banner, launch.app_context) == (True, "x")
    assert chart("af-ckd", endpoint_of(launch)).patient.id == "af-ckd"
    with pytest.raises(PatientNotFound):
        chart("child", endpoint_of(launch))

    monkeypatch.setattr(renewing, "SECONDS_BEFORE_THE_END", 3_600)
    renewed = current(request_in(clinician.browser))
    monkeypatch.undo()
    assert renewed.refresh_token != launch.refresh_token
    assert chart("af-ckd", endpoint_of(renewed)).patient.id == "af-ckd"

    clinician.browser.post("/sign-out")
    with pytest.raises(EhrRefused):
        chart("af-ckd", endpoint_of(renewed))


def test_what_was_used_once_opens_nothing_again(clinician):
    launched_to = clinician.launched_to()
    back = clinician.authorized(clinician.visit(launched_to)["Location"])
    cookie = clinician.browser.cookies["tacit_launch"].value
    assert clinician.visit(back)["Location"] == "/ask"
    again = Clinician(clinician.url)
    again.browser.cookies["tacit_launch"] = cookie
    assert again.visit(back).status_code == 400  # the state
    refused = clinician.authorized(clinician.visit(launched_to)["Location"])
    assert clinician.visit(refused).status_code == 400  # the launch


def test_a_launch_that_another_browser_of_the_ehr_began_is_refused(clinician):
    other = Clinician(clinician.url)
    back = other.authorized(clinician.visit(clinician.launched_to())["Location"])
    assert "error=invalid_request" in back
    page = clinician.visit(back)
    assert page.status_code == 400
    assert "invalid request" in page.content.decode()
    assert "_auth_user_id" not in clinician.browser.session


def test_an_address_that_was_altered_on_the_way_is_refused_by_the_ehr(clinician):
    address = clinician.visit(clinician.launched_to())["Location"]
    assert "error=invalid_request" in clinician.authorized(address.replace("=S256", "=plain"))
    assert "error=invalid_request" in clinician.authorized(
        address.replace("&aud=", "&aud=https%3A%2F%2Fe.org")
    )
    altered = clinician.ask_ehr("GET", address.replace("smart%2Fcallback", "smart%2Fcallback%2F"))
    assert altered.status_code == 400


def test_a_backend_service_reads_with_our_signature(clinician):
    endpoint = backend_endpoint(connection_named("demo-ehr"))
    assert chart("child", endpoint).patient.id == "child"
    with pytest.raises(EhrRefused):
        chart("child", replace(endpoint, bearer_token=None))
