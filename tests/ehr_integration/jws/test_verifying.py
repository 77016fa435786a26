import hashlib
import hmac
import json
import time
import warnings

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ehr_integration.jws.errors import TokenInvalid
from ehr_integration.jws.key_sets import KeySet
from ehr_integration.jws.verifying import verified
from tests.ehr_integration.jws.signing import EC, OTHER_EC, RSA, _encoded, claims, jwk, token, unsigned

KEYS = KeySet((jwk(EC, "one", "ES384"), jwk(RSA, "two", "RS384")))
ALLOWED = frozenset({"ES384", "RS384"})


def accept(text, *, keys=KEYS, algorithms=ALLOWED):
    usual = claims()
    return verified(
        text,
        keys=lambda _: keys,
        algorithms=algorithms,
        issuer=usual["iss"],
        audience=usual["aud"],
        longest_seconds=300,
    )


def refusal(text, **more):
    with pytest.raises(TokenInvalid) as caught:
        accept(text, **more)
    return caught.value.code


def test_a_token_of_either_algorithm_is_accepted():
    assert accept(token(claims()))["iss"] == "https://ehr.example.org"
    assert accept(token(claims(), key=RSA, algorithm="RS384", kid="two"))


def signed_text(payload):
    return jwt.PyJWS().encode(payload.encode(), EC, algorithm="ES384", headers={"kid": "one"})


def test_an_unsigned_token_is_refused():
    for alg in ("none", "None", "NONE"):
        assert refusal(unsigned({"alg": alg, "kid": "one"}, claims())) == "algorithm-not-allowed"
        assert (
            refusal(unsigned({"alg": alg, "kid": "one"}, claims()), algorithms=frozenset({alg}))
            == "algorithm-not-allowed"
        )


def test_a_public_key_is_never_a_shared_secret():
    pem = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    as_jwk = json.dumps(jwk(RSA, "two", "RS384")).encode()
    for secret in (pem, as_jwk):
        signed = f"{_encoded({'alg': 'HS256', 'kid': 'two'})}.{_encoded(claims())}"
        mac = hmac.digest(secret, signed.encode(), hashlib.sha256)
        forged = f"{signed}.{_encoded_bytes(mac)}"
        assert refusal(forged) == "algorithm-not-allowed"
        assert refusal(forged, algorithms=frozenset({"HS256"})) == "algorithm-not-allowed"


def _encoded_bytes(raw):
    import base64

    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: token(claims(), key=OTHER_EC), "signature"),
        (lambda: token(claims(), kid="unknown"), "unknown-key"),
        (lambda: token(claims(), kid="../../etc/passwd"), "unknown-key"),
        (lambda: token(claims(), kid=""), "no-key-id"),
        (lambda: token(claims(), kid="two"), "unknown-key"),  # the key's type does not fit the algorithm
        (lambda: token(claims(), crit=["b64"], b64=True), "unknown-critical-header"),
        (lambda: token(claims(iss="https://other.example.org")), "issuer"),
        (lambda: token(claims(aud="https://tacit.example.org/cds-services/x")), "audience"),
        (lambda: token(claims(aud="https://tacit.example.org/cds")), "audience"),
        (lambda: token(claims(aud=["https://tacit.example.org/cds-services", "https://other"])), "audience"),
        (lambda: token(claims(exp=int(time.time()) - 60)), "expired"),
        (lambda: token(claims(exp=int(time.time()) + 302)), "lives-too-long"),
        (lambda: token(claims(exp=None)), "missing-claim"),
        (lambda: token(claims(iat=None)), "missing-claim"),
        (lambda: token(claims(nbf=int(time.time()) + 120)), "not-yet-valid"),
        (lambda: token(claims(iat=int(time.time()) + 120)), "not-yet-valid"),
        (lambda: "", "not-a-token"),
        (lambda: "a.b", "not-a-token"),
        (lambda: "a.b.c", "not-a-token"),
        (lambda: "." * 20_000, "not-a-token"),
        (lambda: unsigned('{"alg":"ES384","kid":"one","kid":"two"}', claims()), "not-a-token"),
        (lambda: unsigned({"alg": "ES384", "kid": "one"}, '{"iss":"a","iss":"b"}'), "not-a-token"),
        (lambda: unsigned("[" * 5_000, claims()), "not-a-token"),
        (lambda: unsigned({"alg": ["ES384"], "kid": "one"}, claims()), "algorithm-not-allowed"),
        (lambda: unsigned({"alg": "ES384", "kid": {}}, claims()), "no-key-id"),
        (lambda: unsigned({"alg": "ES384", "kid": "one"}, claims(exp="9999999999")), "time-is-no-number"),
        (lambda: unsigned({"alg": "ES384", "kid": "one"}, claims(exp=True)), "time-is-no-number"),
        (lambda: unsigned({"alg": "ES384", "kid": "one"}, claims(iat="1")), "time-is-no-number"),
        (lambda: signed_text(json.dumps(claims()).replace('"iat"', '"exp": Infinity, "iat"')), "not-a-token"),
        (lambda: signed_text(json.dumps(claims(exp=float("inf")))), "signature"),
    ],
)
def test_what_is_wrong_has_a_code(make, code):
    assert refusal(make()) == code


def test_a_clock_that_is_a_little_off_is_borne():
    assert accept(token(claims(nbf=int(time.time()) + 20, iat=int(time.time()) + 20)))


def test_two_keys_of_one_id_are_refused():
    twice = KeySet((jwk(EC, "one", "ES384"), jwk(OTHER_EC, "one", "ES384")))
    assert refusal(token(claims()), keys=twice) == "ambiguous-key"


def test_a_short_rsa_key_is_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - the point of it
        text = token(claims(), key=short, algorithm="RS384", kid="short")
    assert refusal(text, keys=KeySet((jwk(short, "short", "RS384"),))) == "signature"


def test_no_message_quotes_the_token():
    with pytest.raises(TokenInvalid) as caught:
        accept(token(claims(iss="https://secret.example.org")))
    assert "secret" not in str(caught.value)
