"""The key set of the EHR's CDS client."""

import pytest

from ehr_integration.connections.domain import Connection
from ehr_integration.doctor.domain import Severity
from ehr_integration.doctor.examining import examine
from tests.ehr_integration.doctor.healthy import an_ehr, codes, examined
from tests.ehr_integration.jws.signing import EC, RSA, jwk


def with_keys(keys):
    with an_ehr(**{"cds-keys": keys}) as ehr:
        connection = Connection(
            name="x",
            fhir_base_url=ehr.base_url,
            is_internal=True,
            cds_issuer="https://ehr.example.org",
            cds_jku=f"{ehr.base_url}/cds-keys",
        )
        return examine(connection, patient_id="p1", token="s3cret"), ehr.requests


@pytest.mark.parametrize("key", [jwk(EC, "one", "ES384"), jwk(RSA, "one", "RS384")], ids=["EC", "RSA"])
def test_keys_that_can_be_used_are_counted(key):
    found, requests = with_keys({"keys": [key]})
    assert "cds" in codes(found, Severity.OK)
    (headers,) = [headers for path, _, headers in requests if path.endswith("cds-keys")]
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ((404, {}, b""), "cds-keys-unreachable"),
        ((200, {}, b"<html>"), "cds-keys-unreachable"),
        ({"keys": [jwk(RSA, "one", "RS256")]}, "cds-keys-unusable"),
        ({"keys": [{**jwk(EC, "one", "ES384"), "kid": ""}]}, "cds-keys-unusable"),
        ({"keys": [1, "two"]}, "cds-keys-unusable"),
    ],
)
def test_keys_that_cannot_be_used_are_an_error(keys, code):
    assert code in codes(with_keys(keys)[0], Severity.ERROR)


def test_an_ehr_without_cds_hooks_is_a_note():
    assert "cds-not-registered" in codes(examined(), Severity.NOTE)
