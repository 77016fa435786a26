"""What goes wrong on the way to Vault: TLS, tokens, namespaces, sealed and odd servers."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from audit.keys.errors import (
    KeySettingInvalid,
    ProviderError,
    ProviderRefused,
    ProviderUnavailable,
    UnknownKek,
)
from audit.keys.vault import VaultTransit
from audit.keys.wrapping import Wrapped
from tests.audit.keys import transit_server
from tests.audit.keys.transit_server import TransitKey, transit
from tests.certificates import self_signed


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.touch(0o640)
    file.chmod(0o640)
    file.write_text(f"{transit_server.TOKEN}\n")
    return file


@pytest.fixture
def vault(token_file):
    with transit() as (state, address):
        state.keys["", "tacit-audit"] = TransitKey()
        yield state, VaultTransit(address=address, token_file=token_file)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PEM file with key and certificate of a server on 127.0.0.1, its own authority."""
    return self_signed(tmp_path_factory.mktemp("tls"))


def test_over_tls_only_a_trusted_certificate_will_do(token_file, certificate):
    with transit(certificate) as (state, address):
        state.keys["", "tacit-audit"] = TransitKey()
        trusting = VaultTransit(address=address, token_file=token_file, ca_file=certificate)
        assert trusting.unwrap(trusting.wrap(b"secret", b"context"), b"context") == b"secret"
        before = len(state.seen)
        with pytest.raises(ProviderUnavailable, match="TACIT_VAULT_CA_FILE"):
            VaultTransit(address=address, token_file=token_file).wrap(b"secret", b"context")
        elsewhere = address.replace("127.0.0.1", "localhost")
        misnamed = VaultTransit(address=elsewhere, token_file=token_file, ca_file=certificate)
        with pytest.raises(ProviderUnavailable):
            misnamed.wrap(b"secret", b"context")
        assert len(state.seen) == before


def test_keys_in_a_namespace_are_found_only_there(vault):
    state, encryptor = vault
    state.keys["hospital", "tacit-audit"] = TransitKey()
    inside = VaultTransit(address=encryptor.address, token_file=encryptor.token_file, namespace="hospital")
    wrapped = inside.wrap(b"secret", b"context")
    assert state.seen[-1] == ("POST", "/v1/transit/encrypt/tacit-audit", "hospital")
    assert inside.unwrap(wrapped, b"context") == b"secret"


def test_a_token_that_an_agent_renewed_counts_at_once(vault):
    _, encryptor = vault
    encryptor.token_file.write_text("hvs.expired")
    with pytest.raises(ProviderRefused):
        encryptor.wrap(b"secret", b"context")
    encryptor.token_file.write_text(transit_server.TOKEN)
    encryptor.wrap(b"secret", b"context")


@pytest.mark.parametrize("token", ["", "\n", "two\nlines", "hvs.\u00e9"])
def test_a_token_that_is_none_is_told(vault, token):
    _, encryptor = vault
    encryptor.token_file.write_text(token, encoding="utf-8")
    with pytest.raises(KeySettingInvalid, match="TACIT_VAULT_TOKEN_FILE"):
        encryptor.wrap(b"secret", b"context")


def test_a_token_that_lies_open_or_is_missing_is_told(vault):
    _, encryptor = vault
    encryptor.token_file.chmod(0o644)
    with pytest.raises(KeySettingInvalid, match="chmod o="):
        encryptor.wrap(b"secret", b"context")
    encryptor.token_file.unlink()
    with pytest.raises(KeySettingInvalid):
        encryptor.wrap(b"secret", b"context")


@pytest.mark.parametrize(
    "address", ["http://vault.example:8200", "vault:8200", "ftp://127.0.0.1", "", "http://[", "https://"]
)
def test_an_address_that_would_send_keys_in_the_clear_is_refused(token_file, address):
    with pytest.raises(KeySettingInvalid, match="TACIT_VAULT_ADDR"):
        VaultTransit(address=address, token_file=token_file)


def test_a_ca_file_that_is_none_is_told(vault, tmp_path):
    _, encryptor = vault
    (tmp_path / "ca.pem").write_text("none")
    for name in ("ca.pem", "nowhere.pem"):
        wrong = VaultTransit(
            address=encryptor.address, token_file=encryptor.token_file, ca_file=tmp_path / name
        )
        with pytest.raises(KeySettingInvalid, match="TACIT_VAULT_CA_FILE"):
            wrong.wrap(b"secret", b"context")


def test_a_sealed_vault_is_unavailable(vault):
    state, encryptor = vault
    wrapped = encryptor.wrap(b"secret", b"context")
    state.is_sealed = True
    for use in (
        lambda: encryptor.wrap(b"secret", b"context"),
        lambda: encryptor.unwrap(wrapped, b"context"),
        lambda: encryptor.check_holds([wrapped.kek_id]),
        encryptor.rotate,
    ):
        with pytest.raises(ProviderUnavailable, match="unseal"):
            use()
    state.is_sealed = False
    assert encryptor.unwrap(wrapped, b"context") == b"secret"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (307, ProviderUnavailable),
        (412, ProviderUnavailable),
        (429, ProviderUnavailable),
        (473, ProviderUnavailable),
        (500, ProviderUnavailable),
        (502, ProviderUnavailable),
        (400, ProviderRefused),
        (403, ProviderRefused),
        (405, ProviderRefused),
        (404, UnknownKek),
    ],
)
def test_an_error_is_told_by_its_status_and_never_quoted(vault, status, error):
    state, encryptor = vault
    for body in (b"", b"<html>", b"[]", b'{"errors": null}', b'{"errors": ["the secret"]}'):
        state.answers = [(status, body)]
        with pytest.raises(error) as caught:
            encryptor.wrap(b"the secret", b"context")
        assert "the secret" not in str(caught.value)
    assert state.seen == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"data": null}',
        b'{"data": {"ciphertext": 1, "plaintext": 1}}',
        b'{"data": {"ciphertext": "vault:v1:!!", "plaintext": "!!"}}',
        b'{"data": {"ciphertext": "v1:AAAA", "plaintext": "AAB="}}',
        b'{"data": {"ciphertext": "", "plaintext": ""}}',
    ],
)
def test_a_server_that_is_no_vault_is_told(vault, body):
    state, encryptor = vault
    state.answers = [(200, body)] * 2
    with pytest.raises(ProviderError):
        encryptor.wrap(b"secret", b"context")
    with pytest.raises(ProviderError):
        encryptor.unwrap(Wrapped("vault:transit/tacit-audit:v1", b"blob"), b"context")


def test_a_key_of_another_type_is_refused(vault):
    state, encryptor = vault
    state.keys["", "tacit-audit"].type = "chacha20-poly1305"
    with pytest.raises(ProviderRefused, match="aes256-gcm96"):
        _ = encryptor.kek_id


def test_a_server_that_is_not_there_is_unavailable_and_no_exception_keeps_the_secret(token_file):
    encryptor = VaultTransit(address="http://127.0.0.1:9", token_file=token_file)
    with pytest.raises(ProviderUnavailable) as caught:
        encryptor.wrap(b"secret", b"context")
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_a_proxy_of_the_environment_is_not_used(vault, monkeypatch):
    _, encryptor = vault
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert encryptor.wrap(b"secret", b"context")


def test_a_client_lives_for_one_call(vault, monkeypatch):
    _, encryptor = vault
    made: list[httpx.Client] = []
    make = httpx.Client.__init__

    def remembered(self: httpx.Client, **options: Any) -> None:
        make(self, **options)
        made.append(self)

    monkeypatch.setattr(httpx.Client, "__init__", remembered)
    encryptor.unwrap(encryptor.wrap(b"secret", b"context"), b"context")
    assert len(made) == 2
    assert all(client.is_closed for client in made)


def test_the_token_is_in_no_repr(vault):
    assert transit_server.TOKEN not in repr(vault[1])
