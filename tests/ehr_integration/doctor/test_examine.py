import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ehr_integration.connections.domain import Connection
from ehr_integration.doctor.domain import Severity
from ehr_integration.doctor.examining import CHECKS, examine
from ehr_integration.jws.key_sets import forget_key_sets
from tests.ehr_integration.ehr import bundle, serving

METADATA = {
    "resourceType": "CapabilityStatement",
    "fhirVersion": "4.0.1",
    "software": {"name": "An EHR", "version": "1"},
    "rest": [{"mode": "server"}],
}
PATIENT = {"resourceType": "Patient", "id": "p1", "birthDate": "1950-01-01"}
SMART = {
    "issuer": "https://ehr.example.org",
    "authorization_endpoint": "https://ehr.example.org/authorize",
    "token_endpoint": "https://ehr.example.org/token",
    "revocation_endpoint": "https://ehr.example.org/revoke",
    "code_challenge_methods_supported": ["S256"],
    "capabilities": [
        *("launch-ehr", "sso-openid-connect", "context-ehr-patient", "permission-patient"),
        *("permission-v2", "client-confidential-asymmetric"),
    ],
}


class Ehr:
    """Answers as a healthy EHR does, but for what a test says."""

    def __init__(self, **changes):
        self.answers = {"metadata": METADATA, "smart-configuration": SMART, **changes}

    def __call__(self, path, query):
        last = path.rpartition("/")[2]
        if last in self.answers:
            answer = self.answers[last]
            return answer(path, query) if callable(answer) else answer
        if last == "Patient":
            return bundle(PATIENT)
        if last == "p1":
            return PATIENT
        return self_linked(bundle(), path, query)


def self_linked(page, path, query, *, without=()):
    kept = "&".join(f"{name}={value[0]}" for name, value in query.items() if name not in without)
    page["link"].append({"relation": "self", "url": f"http://127.0.0.1{path}?{kept}"})
    return page


def examined(answer, **options):
    forget_key_sets()
    with serving(answer) as ehr:
        connection = Connection(
            name="x", fhir_base_url=ehr.base_url, is_internal=True, **options.pop("more", {})
        )
        return examine(connection, **options)


def codes(examination, severity=None):
    return {each.code for each in examination.findings if severity in (None, each.severity)}


def test_a_healthy_ehr_has_no_errors_and_no_warnings():
    examination = examined(Ehr(), patient_id="p1")
    assert codes(examination, Severity.ERROR) == codes(examination, Severity.WARNING) == set()
    assert {"metadata", "smart", "search", "clock", "paging", "speed"} <= codes(examination)


def test_every_error_and_warning_says_what_to_tell_the_ehr_team():
    broken = Ehr(
        **{
            "metadata": {**METADATA, "fhirVersion": "1.0.2"},
            "smart-configuration": {
                **SMART,
                "code_challenge_methods_supported": ["plain"],
                "capabilities": [],
            },
            "Condition": (400, {}, b""),
        }
    )
    found = examined(broken, patient_id="p1").findings
    told = [each for each in found if each.severity in (Severity.ERROR, Severity.WARNING)]
    assert {"fhir-version", "smart-pkce", "smart-pkce-plain", "smart-capability", "search-refused"} <= {
        each.code for each in told
    }
    assert all(each.tell for each in told)
    assert not any("p1" in each.what + each.tell for each in found)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"metadata": (500, {}, b"")}, "metadata-none"),
        ({"metadata": (200, {}, b"<html>sign in</html>")}, "metadata-none"),
        ({"metadata": (302, {"Location": "http://127.0.0.1:1/"}, b"")}, "metadata-none"),
        ({"metadata": (200, {}, b'{"a":"' + b"x" * 5_000_000 + b'"}')}, "metadata-none"),
        ({"metadata": (200, {}, b"[" * 100_000)}, "metadata-none"),
        ({"smart-configuration": (404, {}, b"")}, "smart-none"),
        (
            {"smart-configuration": {**SMART, "token_endpoint": "http://ehr.example.org/token"}},
            "smart-unsafe",
        ),
        ({"smart-configuration": {**SMART, "token_endpoint": ""}}, "smart-endpoint"),
        ({"smart-configuration": {**SMART, "code_challenge_methods_supported": []}}, "smart-pkce"),
        ({"Procedure": (403, {}, b"")}, "search-refused"),
        ({"Procedure": (200, {}, b'{"resourceType":"OperationOutcome"}')}, "search-refused"),
    ],
)
def test_what_is_wrong_has_a_code(changes, code):
    assert code in codes(examined(Ehr(**changes), patient_id="p1"))


def test_a_refused_search_names_the_parameter_that_is_refused_alone():
    def observations(path, query):
        return (400, {}, b"") if "_sort" in query else bundle()

    found = examined(Ehr(Observation=observations), patient_id="p1").findings
    refused = [each for each in found if each.code == "search-refused"]
    assert refused
    assert all("_sort" in each.tell and "in place of _sort" in each.tell for each in refused)


def test_a_parameter_that_is_ignored_is_noticed_by_the_self_link():
    def observations(path, query):
        return self_linked(bundle(), path, query, without=("category",))

    found = examined(Ehr(Observation=observations), patient_id="p1").findings
    assert [each for each in found if each.code == "search-ignored" and "category" in each.what]


@pytest.mark.parametrize(
    ("seconds", "severity"),
    [(10, Severity.OK), (-60, Severity.WARNING), (60, Severity.WARNING), (400, Severity.ERROR)],
)
def test_a_clock_that_is_off_is_told(seconds, severity, monkeypatch):
    def dated(path, query):
        def write(wire):
            body = json.dumps(METADATA).encode()
            moment = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
            head = f"HTTP/1.1 200 OK\r\nDate: {moment}\r\nContent-Length: {len(body)}\r\n\r\n"
            wire.write(head.encode() + body)

        return write

    found = examined(Ehr(metadata=dated), patient_id="p1").findings
    (clock,) = [each for each in found if each.area.value == "clock"]
    assert clock.severity is severity


def observation(number):
    return {"resourceType": "Observation", "id": f"o{number}"}


def test_paging_that_leaves_the_ehr_is_an_error_and_is_not_followed():
    with serving(lambda path, query: bundle()) as other:
        page = bundle(observation(1), next_link=f"{other.base_url}/Observation?page=2")
        assert "paging-leaves" in codes(examined(Ehr(Observation=page), patient_id="p1", token="secret"))
        assert other.requests == []


def test_paging_that_repeats_is_an_error():
    page = bundle(observation(1), next_link="Observation?page=2")
    assert "paging-repeats" in codes(examined(Ehr(Observation=page), patient_id="p1"))


def test_without_a_patient_the_first_is_taken_and_none_is_said():
    assert "search" in codes(examined(Ehr()))
    assert "searches-no-patient" in codes(examined(Ehr(Patient=bundle())))


def test_where_nothing_answers_nothing_else_is_asked():
    connection = Connection(name="x", fhir_base_url="http://127.0.0.1:1/fhir", is_internal=True)
    heard: list[object] = []
    examination = examine(connection, report=heard.append)
    assert "metadata-unreachable" in codes(examination, Severity.ERROR)
    assert len(heard) == 2


def test_keys_of_the_cds_client_are_tried():
    more = {"cds_issuer": "https://ehr.example.org", "cds_jku": "http://127.0.0.1:1/jwks"}
    assert "cds-keys-unreachable" in codes(examined(Ehr(), patient_id="p1", more=more))


@pytest.mark.usefixtures("demo_ehr")
def test_the_demo_ehr_is_healthy(settings):
    connection = Connection(name="x", fhir_base_url=settings.FHIR_BASE_URL, is_internal=True)
    heard: list[object] = []
    examination = examine(connection, report=heard.append)
    assert codes(examination, Severity.ERROR) == codes(examination, Severity.WARNING) == set()
    assert heard == list(CHECKS)
