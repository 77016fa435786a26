"""The SMART configuration, against what launches and backend services need."""

import pytest

from ehr_integration.connections.domain import ClientAuthentication
from ehr_integration.doctor.domain import Severity
from tests.ehr_integration.doctor.healthy import SMART, codes, examined
from tests.ehr_integration.jws.signing import EC, jwk

SIGNING = {"client_id": "tacit", "client_authentication": ClientAuthentication.PRIVATE_KEY}
LAUNCHES = [each for each in SMART["capabilities"] if each != "client-confidential-asymmetric"]


@pytest.mark.parametrize(
    ("lines", "code", "severity"),
    [
        ({"token_endpoint": "http://ehr.example.org/token"}, "smart-unsafe", Severity.ERROR),
        ({"jwks_uri": "http://ehr.example.org/keys"}, "smart-unsafe", Severity.ERROR),
        ({"token_endpoint": ""}, "smart-endpoint", Severity.ERROR),
        ({"authorization_endpoint": None}, "smart-endpoint", Severity.ERROR),
        ({"code_challenge_methods_supported": []}, "smart-pkce", Severity.ERROR),
        ({"code_challenge_methods_supported": ["S256", "plain"]}, "smart-pkce-plain", Severity.WARNING),
        ({"jwks_uri": ""}, "smart-keys", Severity.ERROR),
        ({"issuer": 7}, "smart-keys", Severity.ERROR),
        ({"revocation_endpoint": ""}, "smart-revocation", Severity.NOTE),
        ({"capabilities": ["launch-ehr"]}, "smart-capability", Severity.WARNING),
        ({"capabilities": "launch-ehr"}, "smart-capability", Severity.WARNING),
        ({"capabilities": []}, "smart-wish", Severity.NOTE),
    ],
)
def test_a_line_that_is_wrong_has_a_code(lines, code, severity):
    found = examined({"smart-configuration": {**SMART, **lines}})
    assert code in codes(found, severity)
    assert ("smart" in codes(found)) is (severity is Severity.NOTE and lines.get("capabilities") is None)


@pytest.mark.parametrize("answer", [(404, {}, b""), (200, {}, b"<html>"), (200, {}, b"[]")])
def test_without_the_document_no_launch_is_possible(answer):
    assert "smart-none" in codes(examined({"smart-configuration": answer}), Severity.WARNING)


@pytest.mark.parametrize(
    "keys",
    [
        (404, {}, b""),
        {"keys": []},
        {"keys": [{**jwk(EC, "one", "ES384"), "kid": None}]},
        {"keys": [{**jwk(EC, "one", "ES384"), "use": "enc"}]},
        {"keys": [jwk(EC, "one", "ES384"), jwk(EC, "one", "ES384")]},
        {"keys": [{"kty": "EC", "crv": "P-384", "kid": "one", "x": "AA", "y": "AA"}]},
        {"keys": "none"},
    ],
    ids=["404", "empty", "no-kid", "for-encryption", "ambiguous", "no-point", "no-list"],
)
def test_a_key_set_without_a_key_that_can_be_used_is_an_error(keys):
    assert "smart-keys" in codes(examined({"jwks": keys}), Severity.ERROR)


def test_without_sign_in_no_keys_are_asked_for():
    found = examined({"smart-configuration": {**SMART, "capabilities": LAUNCHES[:1], "jwks_uri": ""}})
    assert "smart-keys" not in codes(found)


def test_who_signs_needs_a_server_that_takes_signatures():
    unsigned = {"smart-configuration": {**SMART, "capabilities": LAUNCHES}}
    assert "smart-capability" not in codes(examined(unsigned))
    assert "smart-capability" in codes(examined(unsigned, more=SIGNING), Severity.WARNING)
    other = {"token_endpoint_auth_signing_alg_values_supported": ["RS256"]}
    changed = {"smart-configuration": {**SMART, **other}}
    assert "smart-algorithms" not in codes(examined(changed))
    assert "smart-algorithms" in codes(examined(changed, more=SIGNING), Severity.ERROR)


def test_a_backend_client_needs_the_grant_for_it():
    changed = {"smart-configuration": {**SMART, "grant_types_supported": ["authorization_code"]}}
    backend = {"backend_client_id": "tacit-backend"}
    assert "smart-backend" not in codes(examined(changed))
    assert "smart-backend" in codes(examined(changed, more=backend, token="t"), Severity.WARNING)
