import os
import stat
import time

import jwt
import pytest

from ehr_integration.smart.assertions import client_assertion
from ehr_integration.smart.keys import public_key_set, rotate_keys, signing_key, thumbprint

DAY = 24 * 3600


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.TACIT_CLIENT_KEYS = tmp_path / "keys"
    return settings.TACIT_CLIENT_KEYS


def ids():
    return {key["kid"] for key in public_key_set()["keys"]}


def age(file, *, days):
    then = time.time() - days * DAY
    os.utime(file, (then, then))


def test_keys_are_made_on_first_use_for_their_owner_alone(folder):
    keys = {key["alg"]: key for key in public_key_set()["keys"]}
    assert (keys["ES384"]["crv"], keys["RS384"]["kty"]) == ("P-384", "RSA")
    assert signing_key("RS384").private_key.key_size == 3072
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(list(folder.iterdir())) == 2


def test_nothing_private_is_published(folder):
    for key in public_key_set()["keys"]:
        assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key)


def test_a_key_id_is_the_key_s_thumbprint():
    # The example of RFC 7638, 3.1.
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3"
        "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA"
        "ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-"
        "kEgU8awapJzKnqDKgw"
    )
    assert (
        thumbprint({"kty": "RSA", "n": modulus, "e": "AQAB"}) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    )


def test_after_a_rotation_the_new_keys_sign_and_the_old_stay_published_for_a_month(folder):
    before = ids()
    new = set(rotate_keys())
    assert {signing_key(algorithm).key_id for algorithm in ("ES384", "RS384")} == new
    assert ids() == before | new
    for file in folder.glob("*-000002.pem"):
        age(file, days=29)
    assert ids() == before | new
    for file in folder.glob("*-000002.pem"):
        age(file, days=31)
    assert ids() == new
    rotate_keys()
    assert not list(folder.glob("*-000001.pem"))


@pytest.mark.parametrize(
    ("accepted", "algorithm"),
    [({"RS384"}, "RS384"), ({"ES384", "RS384"}, "ES384"), (set(), "ES384"), ({"RS384", "RS256"}, "RS384")],
)
def test_an_assertion_is_signed_as_the_server_accepts_for_five_minutes_at_most_and_once(accepted, algorithm):
    fields = [
        client_assertion(client_id="us", token_endpoint="https://e.org/token", accepted=frozenset(accepted))
        for _ in range(2)
    ]
    key = signing_key(algorithm)
    proven = [
        jwt.decode(
            each["client_assertion"],
            key.private_key.public_key(),
            algorithms=[algorithm],
            audience="https://e.org/token",
        )
        for each in fields
    ]
    assert {(claims["iss"], claims["sub"]) for claims in proven} == {("us", "us")}
    assert all(claims["exp"] - time.time() <= 300 for claims in proven)
    assert proven[0]["jti"] != proven[1]["jti"]
    assert jwt.get_unverified_header(fields[0]["client_assertion"])["kid"] == key.key_id


def test_the_key_set_is_public_and_may_be_kept_for_minutes(client, db):
    response = client.get("/.well-known/jwks.json")
    assert (response.status_code, response["Cache-Control"]) == (200, "public, max-age=300")
    assert {key["kid"] for key in response.json()["keys"]} == ids()
    assert client.post("/.well-known/jwks.json").status_code == 405
