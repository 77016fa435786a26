import json

import pytest

from ehr_integration.errors import EhrError
from ehr_integration.jws import key_sets
from ehr_integration.jws.key_sets import forget_key_sets, keys_at
from tests.ehr_integration.ehr import serving
from tests.ehr_integration.jws.signing import EC, OTHER_EC, jwk


@pytest.fixture(autouse=True)
def fresh():
    forget_key_sets()


def served(keys, cache_control):
    return lambda path, query: (200, {"Cache-Control": cache_control}, json.dumps({"keys": keys}).encode())


def test_a_set_is_fetched_once_within_its_lifetime():
    with serving(served([jwk(EC, "one", "ES384")], "max-age=300")) as ehr:
        for _ in range(3):
            assert keys_at(ehr.base_url, is_internal=True, key_id="one").knows("one")
        assert len(ehr.requests) == 1


def test_a_set_is_kept_no_longer_than_its_server_allows():
    with serving(served([jwk(EC, "one", "ES384")], "no-store")) as ehr:
        for _ in range(2):
            keys_at(ehr.base_url, is_internal=True, key_id="one")
        assert len(ehr.requests) == 2


def test_a_new_key_is_found_after_a_rotation_and_an_unknown_one_is_not_asked_for_at_every_call(monkeypatch):
    keys = [jwk(EC, "one", "ES384")]
    with serving(lambda path, query: served(keys, "max-age=300")(path, query)) as ehr:
        keys_at(ehr.base_url, is_internal=True, key_id="one")
        keys.append(jwk(OTHER_EC, "new", "ES384"))
        assert not keys_at(ehr.base_url, is_internal=True, key_id="new").knows("new")
        assert len(ehr.requests) == 1
        monkeypatch.setattr(key_sets, "SHORTEST_SECONDS", 0)
        assert keys_at(ehr.base_url, is_internal=True, key_id="new").knows("new")
        assert len(ehr.requests) == 2


def test_a_redirect_is_no_key_set():
    with (
        serving(lambda path, query: (302, {"Location": "http://127.0.0.1/"}, b"")) as ehr,
        pytest.raises(EhrError),
    ):
        keys_at(ehr.base_url, is_internal=True)


def test_a_server_that_fails_is_not_asked_at_every_call(monkeypatch):
    answers: list[tuple[int, dict[str, str], bytes]] = [(500, {}, b""), (200, {}, b'{"keys": []}')]
    with serving(lambda path, query: answers[len(ehr.requests) - 1]) as ehr:
        for _ in range(3):
            with pytest.raises(EhrError):
                keys_at(ehr.base_url, is_internal=True, key_id="one")
        assert len(ehr.requests) == 1
        monkeypatch.setattr(key_sets, "SHORTEST_SECONDS", 0)
        assert keys_at(ehr.base_url, is_internal=True, key_id="one").keys == ()
