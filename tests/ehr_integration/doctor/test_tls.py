"""The way to an EHR, against real TLS servers on the loopback."""

import ssl
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ehr_integration.connections.domain import Connection
from ehr_integration.doctor.domain import Area, Severity
from ehr_integration.doctor.examining import examine
from tests.certificates import self_signed
from tests.conftest import free_port
from tests.ehr_integration.doctor.healthy import codes, examined, of_code
from tests.serving import served


def certificate(folder, *, name="localhost", days=90):
    return self_signed(folder, host=name, lasts=timedelta(days=days, hours=1))


@contextmanager
def tls_server(file, *, protocols=("http/1.1",)):
    """Serve HTTP over TLS with a certificate, and give the port; every answer is 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request, client_address):
            pass  # a handshake that is broken off is what the tests are about

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.set_alpn_protocols(list(protocols))
    server = Quiet(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with served(server):
        yield server.server_port


def about_tls(port, *, host="localhost", is_internal=True):
    connection = Connection(name="x", fhir_base_url=f"https://{host}:{port}/fhir", is_internal=is_internal)
    return examine(connection, patient_id="p1")


def test_a_good_certificate_is_told_with_its_days(tmp_path, monkeypatch):
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with tls_server(file) as port:
        found = about_tls(port)
    assert of_code(found, "tls").what == "TLSv1.3, certificate good for 90 days."
    assert "http2-none" in codes(found, Severity.NOTE)
    assert "tls-certificate-ends" not in codes(found)


def test_http2_is_noticed(tmp_path, monkeypatch):
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with tls_server(file, protocols=("h2", "http/1.1")) as port:
        assert "http2-none" not in codes(about_tls(port))


def test_a_certificate_that_ends_soon_is_told_before_it_does(tmp_path, monkeypatch):
    file = certificate(tmp_path, days=12)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with tls_server(file) as port:
        assert "in 12 days" in of_code(about_tls(port), "tls-certificate-ends").what


@pytest.mark.parametrize(
    ("changes", "reason"), [({"days": -3}, "expired"), ({"name": "ehr.example.org"}, "mismatch")]
)
def test_a_certificate_that_does_not_verify_says_why(tmp_path, monkeypatch, changes, reason):
    file = certificate(tmp_path, **changes)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with tls_server(file) as port:
        finding = of_code(about_tls(port), "tls-certificate")
    assert reason in finding.what
    assert finding.severity is Severity.ERROR


def test_an_authority_that_nobody_knows_is_told_with_the_way_to_trust_it(tmp_path):
    with tls_server(certificate(tmp_path)) as port:
        assert "SSL_CERT_FILE" in of_code(about_tls(port), "tls-certificate").what


def test_what_is_not_there_or_speaks_no_tls_is_unreachable():
    assert "tls-unreachable" in codes(about_tls(free_port()), Severity.ERROR)
    plain = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    with served(plain):
        assert "tls-unreachable" in codes(about_tls(plain.server_port), Severity.ERROR)


def test_this_machine_is_not_called_for_an_ehr_outside(tmp_path, monkeypatch):
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with tls_server(file) as port:
        found = about_tls(port, is_internal=False)
    assert {"tls-unreachable", "metadata-unreachable"} <= codes(found, Severity.ERROR)
    assert "--internal" in of_code(found, "metadata-unreachable").what


def test_plain_http_is_a_note():
    (finding,) = [each for each in examined().findings if each.area is Area.TLS]
    assert (finding.code, finding.severity) == ("tls-none", Severity.NOTE)
