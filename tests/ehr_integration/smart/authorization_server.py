"""A small authorization server for tests: it gives what a test says, and remembers what it was asked."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.ehr_integration.jws.signing import EC, claims, jwk, token
from tests.serving import served

CLIENT = "tacit-at-st-mary"


class AuthorizationServer:
    """One EHR with its authorization server on the loopback."""

    def __init__(self):
        self.url = ""
        self.forms = []
        self.tokens = {}
        self.configuration = {}
        self.identity = {}
        self.status = 200
        self.documents = {}
        self.seen = {}

    def setup(self, url):
        self.url = url
        self.configuration = {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "revocation_endpoint": f"{url}/revoke",
            "jwks_uri": f"{url}/jwks",
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "token_endpoint_auth_signing_alg_values_supported": ["ES384"],
            "capabilities": ["launch-ehr"],
        }
        self.tokens = {
            "access_token": "access-1",
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "launch openid fhirUser online_access patient/Patient.rs patient/Condition.rs",
            "refresh_token": "refresh-1",
            "patient": "af-ckd",
            "encounter": "e1",
            "need_patient_banner": False,
            "fhirContext": [{"reference": "Encounter/e1"}],
            "appContext": '{"question": "af-anticoagulation"}',
        }

    def id_token(self, **changes):
        made = {
            "iss": self.url,
            "aud": CLIENT,
            "fhirUser": f"{self.url}/fhir/Practitioner/alma",
        }
        return token(claims(**{**made, **changes}), key=EC, algorithm="ES384", kid="one")

    def get(self, path):
        documents = {
            "/fhir/.well-known/smart-configuration": self.configuration,
            "/jwks": {"keys": [jwk(EC, "one", "ES384")]},
            **self.documents,
        }
        return documents.get(path, {})

    def post(self, path, form):
        self.forms.append((path, form))
        return self.status, self.tokens if path == "/token" else {}


@contextmanager
def authorization_server():
    """Serve one."""
    own = AuthorizationServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path = urlsplit(self.path).path
            own.seen[path] = self.headers.get("Authorization")
            self._send(200, own.get(path))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            own.seen[urlsplit(self.path).path] = self.headers.get("Authorization")
            self._send(*own.post(urlsplit(self.path).path, form))

        def _send(self, status, document):
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    own.setup(f"http://127.0.0.1:{server.server_port}")
    with served(server):
        yield own
