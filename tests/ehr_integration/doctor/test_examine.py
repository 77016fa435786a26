"""An examination as a whole: a healthy EHR, a hostile one, one that does not answer."""

import json
import time

import pytest

from ehr_integration.connections.domain import Connection
from ehr_integration.doctor import probe
from ehr_integration.doctor.document import examination_document
from ehr_integration.doctor.domain import Area, Severity
from ehr_integration.doctor.examining import CHECKS, examine
from tests.ehr_integration.doctor.healthy import METADATA, SMART, an_ehr, codes, examined
from tests.ehr_integration.ehr import serving

HTML = (200, {"Content-Type": "text/html"}, b"<html>sign in</html>")
HUGE: tuple[int, dict[str, str], bytes] = (200, {}, b'{"resourceType":"' + b"x" * 5_000_000 + b'"}')


def slowly(path, query):
    """An answer whose bytes come one by one, without an end."""

    def write(wire):
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        drip(wire)

    return write


def slowly_from_the_headers_on(path, query):
    def write(wire):
        wire.write(b"HTTP/1.1 200 OK\r\nX-Filler: ")
        drip(wire)

    return write


def drip(wire):
    for _ in range(100_000):
        wire.write(b"x")
        wire.flush()
        time.sleep(0.01)


def test_a_healthy_ehr_has_no_errors_and_no_warnings():
    examination = examined()
    assert codes(examination, Severity.ERROR) == codes(examination, Severity.WARNING) == set()
    assert {"metadata", "smart", "search", "chart", "clock", "paging", "speed"} <= codes(examination)


def test_every_error_and_warning_says_what_to_tell_the_ehr_team_and_nothing_of_the_patient():
    broken = {
        "metadata": {**METADATA, "fhirVersion": "1.0.2"},
        "smart-configuration": {
            **SMART,
            "code_challenge_methods_supported": ["plain"],
            "capabilities": [],
        },
        "Condition": (400, {}, b""),
        "jwks": (500, {}, b""),
    }
    with an_ehr(**broken) as ehr:
        connection = Connection(
            name="x",
            fhir_base_url=ehr.base_url,
            is_internal=True,
            cds_issuer="https://ehr.example.org",
            cds_jku=f"{ehr.base_url}/jwks",
        )
        found = examine(connection, patient_id="p1", token="s3cret").findings
    told = [each for each in found if each.severity in (Severity.ERROR, Severity.WARNING)]
    assert {"fhir-version", "smart-pkce", "smart-capability", "search-refused", "cds-keys-unreachable"} <= {
        each.code for each in told
    }
    assert all(each.tell for each in told)
    for each in found:
        assert not any(secret in each.what + each.tell for secret in ("p1", "s3cret", "1950"))


@pytest.mark.parametrize(
    "answer",
    [
        HTML,
        (500, {}, b""),
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (200, {}, b"[" * 100_000),
        (200, {"Content-Encoding": "gzip"}, b"no gzip"),
        (
            200,
            {},
            b'{"resourceType": "Bundle", "entry": [1, {"resource": 2}, {"search": 3}], "link": {"a": 1}}',
        ),
        (200, {}, b'{"resourceType": "Bundle", "link": [{"relation": "self", "url": "http://[x"}]}'),
        (200, {}, b'{"resourceType": "CapabilityStatement", "rest": 1, "software": [], "format": "json"}'),
    ],
    ids=["html", "500", "redirect", "deep", "encoding", "bundle", "self-link", "capability"],
)
def test_an_ehr_that_answers_everything_alike_is_examined_to_the_end(answer):
    heard: list[Area] = []
    with serving(lambda path, query: answer) as ehr:
        connection = Connection(name="x", fhir_base_url=ehr.base_url, is_internal=True)
        examination = examine(connection, patient_id="p1", report=heard.append)
    assert heard == list(CHECKS)
    assert codes(examination, Severity.ERROR)
    assert "check-ended" not in codes(examination)
    json.dumps(examination_document(examination))


def test_no_redirect_is_followed_and_no_token_goes_elsewhere():
    with serving(lambda path, query: METADATA) as other:
        away = (307, {"Location": f"{other.base_url}/metadata"}, b"")
        examination = examined({"metadata": away, "Condition": away}, token="s3cret")
        assert {"metadata-none", "search-refused"} <= codes(examination)
        assert other.requests == []


def test_what_is_huge_is_not_read_to_its_end():
    assert "metadata-none" in codes(examined({"metadata": HUGE}))


@pytest.mark.parametrize("drips", [slowly, slowly_from_the_headers_on])
def test_an_answer_that_drips_is_late(monkeypatch, drips):
    monkeypatch.setattr(probe, "SECONDS_TO_ANSWER", 1.0)
    examination = examined({"Procedure": drips})
    late = [each for each in examination.findings if each.code == "search-refused"]
    assert late
    assert all("nothing in time" in each.tell for each in late)
    assert "clock" in codes(examination)


def test_an_examination_ends_in_time_and_says_what_it_left_off(monkeypatch):
    monkeypatch.setattr(probe, "SECONDS_FOR_ALL", 0.0)
    examination = examined()
    assert "out-of-time" in codes(examination, Severity.WARNING)
    assert "search" not in codes(examination)


def test_where_nothing_answers_nothing_else_is_asked():
    connection = Connection(name="x", fhir_base_url="http://127.0.0.1:1/fhir", is_internal=True)
    heard: list[Area] = []
    examination = examine(connection, report=heard.append)
    assert "metadata-unreachable" in codes(examination, Severity.ERROR)
    assert heard == [Area.TLS, Area.METADATA]


def test_a_check_that_breaks_does_not_keep_the_others_from_looking(monkeypatch):
    def broken(_):
        raise RuntimeError("p1")

    monkeypatch.setattr(CHECKS[Area.SEARCHES], "check", broken)
    found = examined()
    assert [each.area for each in found.findings if each.code == "check-ended"] == [Area.SEARCHES]
    assert "clock" in codes(found)
    assert not any("p1" in each.what + each.tell for each in found.findings)
