"""An EHR on the loopback that is as it should be, but for what a test says, and its examination."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ehr_integration.connections.domain import Connection
from ehr_integration.doctor.domain import Examination
from ehr_integration.doctor.examining import examine
from tests.ehr_integration.ehr import LoopbackEhr, bundle, serving
from tests.ehr_integration.jws.signing import EC, jwk

PATIENT = {"resourceType": "Patient", "id": "p1", "birthDate": "1950-01-01", "gender": "female"}
METADATA = {
    "resourceType": "CapabilityStatement",
    "fhirVersion": "4.0.1",
    "software": {"name": "An EHR", "version": "1"},
    "format": ["json"],
    "rest": [{"mode": "server"}],
}
SMART = {
    "issuer": "https://ehr.example.org",
    "authorization_endpoint": "https://ehr.example.org/authorize",
    "token_endpoint": "https://ehr.example.org/token",
    "revocation_endpoint": "https://ehr.example.org/revoke",
    "code_challenge_methods_supported": ["S256"],
    "grant_types_supported": ["authorization_code", "client_credentials"],
    "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
    "capabilities": [
        *("launch-ehr", "sso-openid-connect", "context-ehr-patient", "permission-patient"),
        *("permission-v2", "client-confidential-asymmetric"),
    ],
}


class Ehr:
    """Answers by the last part of the path: with what a test gives, a function of path and query among it."""

    def __init__(self, **changes):
        self.base_url = ""
        self.answers = {"metadata": METADATA, "smart-configuration": SMART, "jwks": self.keys(), **changes}

    def keys(self, **changes):
        return {"keys": [{**jwk(EC, "one", "ES384"), **changes}]}

    def __call__(self, path, query):
        last = path.rpartition("/")[2]
        if last in self.answers:
            answer = self.answers[last]
            answer = answer(path, query) if callable(answer) else answer
            if last == "smart-configuration" and isinstance(answer, dict):
                return {"jwks_uri": f"{self.base_url}/jwks", **answer}
            return answer
        if last == "Patient":
            return bundle(PATIENT)
        return PATIENT if last == "p1" else self_linked(bundle(), path, query)


def self_linked(page, path, query, *, without=()):
    kept = "&".join(f"{name}={value[0]}" for name, value in query.items() if name not in without)
    page["link"].append({"relation": "self", "url": f"http://127.0.0.1{path}?{kept}"})
    return page


@contextmanager
def an_ehr(**changes: Any) -> Iterator[LoopbackEhr]:
    """Serve one that answers as it should, but for the changes."""
    answer = Ehr(**changes)
    with serving(answer) as server:
        answer.base_url = server.base_url
        yield server


def examined(changes: Any = None, *, more: Any = None, **options: Any) -> Examination:
    """Return what is found about an EHR with these changes; `more` are further lines of its connection."""
    with an_ehr(**(changes or {})) as ehr:
        connection = Connection(
            **{"name": "x", "fhir_base_url": ehr.base_url, "is_internal": True, **(more or {})}
        )
        return examine(connection, **{"patient_id": "p1", **options})


def codes(examination, severity=None):
    """Return the codes, of one severity or of all."""
    return {each.code for each in examination.findings if severity in (None, each.severity)}


def of_code(examination, code):
    """Return the only finding of a code."""
    (found,) = [each for each in examination.findings if each.code == code]
    return found
