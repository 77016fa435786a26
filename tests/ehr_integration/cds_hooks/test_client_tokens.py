import threading
import time

import pytest

from ehr_integration.cds_hooks.client_tokens import client_of
from ehr_integration.cds_hooks.errors import ClientRefused, ClientUnverifiable
from tests.conftest import free_port
from tests.ehr_integration.cds_hooks.conftest import ENDPOINT, ISSUER, OTHER_ISSUER
from tests.ehr_integration.jws.signing import OTHER_EC, RSA, claims, unsigned

pytestmark = pytest.mark.usefixtures("redis_server")


def refusal(header, endpoint_url=ENDPOINT):
    with pytest.raises(ClientRefused) as caught:
        client_of(header, endpoint_url=endpoint_url)
    return caught.value.code


def test_a_registered_client_is_known_by_its_token(clients):
    assert client_of(clients.sign(), endpoint_url=ENDPOINT).name == "north"
    assert client_of(clients.sign(header={"jku": clients.jku}), endpoint_url=ENDPOINT).name == "north"
    signed = clients.sign(key=RSA, algorithm="RS384", kid="two", nbf=int(time.time()), sub=ISSUER, tenant="a")
    assert client_of(signed, endpoint_url=ENDPOINT).name == "north"
    assert client_of(clients.sign(iss=OTHER_ISSUER, key=OTHER_EC), endpoint_url=ENDPOINT).name == "south"


def test_a_token_is_good_for_one_call_at_one_address(clients):
    signed = clients.sign()
    assert refusal(signed, f"{ENDPOINT}/feedback") == "audience"
    assert refusal(signed, ENDPOINT.rpartition("/")[0]) == "audience"
    client_of(signed, endpoint_url=ENDPOINT)
    assert refusal(signed) == "replayed"


def test_of_many_calls_with_one_token_one_is_answered(clients):
    signed, outcomes = clients.sign(), []

    def call():
        try:
            outcomes.append(client_of(signed, endpoint_url=ENDPOINT).name)
        except ClientRefused as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["north"] + ["replayed"] * 5


def test_two_issuers_may_choose_the_same_token_id(clients):
    client_of(clients.sign(jti="the same of both"), endpoint_url=ENDPOINT)
    client_of(clients.sign(jti="the same of both", iss=OTHER_ISSUER, key=OTHER_EC), endpoint_url=ENDPOINT)


@pytest.mark.parametrize(
    ("jku", "code"),
    [
        ("{jku}?next=https://evil.example.org", "key-set"),
        ("{jku}/", "key-set"),
        ("https://user@127.0.0.1/jwks", "key-set"),
        ("http://localhost./jwks", "key-set"),
        ("http://[::ffff:127.0.0.1]/jwks", "key-set"),
        ("{server}/other-jwks", "key-set"),  # registered, but with another issuer
        ("", "key-set"),
        (["{jku}"], "key-set"),
        (None, "key-set"),
    ],
)
def test_a_key_set_other_than_the_registered_one_is_never_asked_for(clients, jku, code):
    if isinstance(jku, str):
        jku = jku.format(jku=clients.jku, server=clients.server.base_url)
    assert (
        refusal(f"Bearer {unsigned({'alg': 'ES384', 'kid': 'one', 'typ': 'JWT', 'jku': jku}, claims())}")
        == code
    )
    assert clients.server.requests == []


def test_what_does_not_prove_the_client_is_refused(clients):
    assert refusal("") == "no-token"
    assert refusal("Basic abc") == "no-token"
    assert refusal("Bearer ") == "no-token"
    assert refusal("Bearer é") == "not-a-token"
    assert refusal(clients.sign(iss="https://nobody.example.org")) == "issuer"
    assert refusal(clients.sign(iss="")) == "issuer"
    assert refusal(clients.sign(iss=OTHER_ISSUER)) == "signature"
    assert refusal(clients.sign(key=OTHER_EC)) == "signature"
    assert refusal(clients.sign(kid="gone")) == "unknown-key"
    assert refusal(clients.sign(header={"typ": "at+jwt"})) == "type"
    assert refusal(clients.sign(exp=int(time.time()) + 302)) == "lives-too-long"
    assert refusal(clients.sign(aud=[ENDPOINT, "https://other.example.org"])) == "audience"
    for token_id in (None, "", "x" * 256):
        assert refusal(clients.sign(jti=token_id)) == "no-token-id"
    unsigned_call = unsigned({"alg": "none", "typ": "JWT", "kid": "one"}, claims(aud=ENDPOINT))
    assert refusal(f"Bearer {unsigned_call}") == "algorithm-not-allowed"


def test_a_weaker_algorithm_of_a_registered_key_is_refused(clients):
    clients.sets["/fhir/jwks"] = [{**clients.sets["/fhir/jwks"][1], "alg": "RS256"}]
    assert refusal(clients.sign(key=RSA, algorithm="RS256", kid="two")) == "algorithm-not-allowed"


def test_one_issuer_with_one_key_set_of_two_connections_is_nobody(clients, settings):
    text = settings.TACIT_EHRS.read_text().replace("south", "twin").replace(OTHER_ISSUER, ISSUER)
    settings.TACIT_EHRS.write_text(text.replace("other-jwks", "jwks"))
    assert refusal(clients.sign()) == "ambiguous-client"


def test_without_the_memory_of_used_tokens_nobody_is_believed(clients, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    with pytest.raises(ClientUnverifiable):
        client_of(clients.sign(), endpoint_url=ENDPOINT)


def test_without_the_key_set_nobody_is_believed(clients):
    del clients.sets["/fhir/jwks"]
    with pytest.raises(ClientUnverifiable):
        client_of(clients.sign(), endpoint_url=ENDPOINT)


def test_a_file_of_ehrs_that_cannot_be_read_is_the_operators_concern(clients, settings, caplog):
    settings.TACIT_EHRS.write_text("[north")
    with pytest.raises(ClientUnverifiable) as caught:
        client_of(clients.sign(), endpoint_url=ENDPOINT)
    assert "ehrs.toml" not in str(caught.value)
    assert "ehrs.toml" in caplog.text


def test_a_refusal_says_why_in_our_words(clients):
    with pytest.raises(ClientRefused) as caught:
        client_of(clients.sign(iss='secret", x="'), endpoint_url=ENDPOINT)
    refused = caught.value
    assert refused.www_authenticate == (
        'Bearer realm="cds-services", error="invalid_token", error_description="issuer"'
    )
    assert "secret" not in str(refused)
    with pytest.raises(ClientRefused) as caught:
        client_of("", endpoint_url=ENDPOINT)
    assert caught.value.www_authenticate == 'Bearer realm="cds-services"'
