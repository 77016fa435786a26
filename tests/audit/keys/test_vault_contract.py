"""The same checks against the loopback Transit and, where there is one, against a real Vault or OpenBao.

For the real one: TACIT_VAULT_ADDR and TACIT_VAULT_TOKEN, a token that may manage the mount named in
TACIT_VAULT_MOUNT (transit). Each run makes a key of its own there, and deletes it.
"""

import os
import secrets
from pathlib import Path

import httpx
import pytest

from audit.keys.errors import ProviderRefused, UnknownKek, UnwrapFailed
from audit.keys.vault import VaultTransit
from audit.keys.wrapping import Wrapped
from tests.audit.keys import encryptors, transit_server


class Server:
    """A Transit engine with a new key, and as much of an administrator as the checks need."""

    def __init__(self, address: str, token: str, mount: str, folder: Path) -> None:
        self.address, self.mount, self.folder = address, mount, folder
        self.key = f"tacit-test-{secrets.token_hex(6)}"
        self.client = httpx.Client(
            base_url=f"{address}/v1/{mount}", headers={"X-Vault-Token": token}, trust_env=False
        )
        (folder / "token").touch(0o600)
        (folder / "token").write_text(f"{token}\n")
        self.post(f"/keys/{self.key}", type="aes256-gcm96")

    def post(self, path: str, **document: object) -> httpx.Response:
        return self.client.post(path, json=document).raise_for_status()

    def encryptor(self, *, key: str = "", mount: str = "", namespace: str = "") -> VaultTransit:
        return VaultTransit(
            address=self.address,
            token_file=self.folder / "token",
            key=key or self.key,
            mount=mount or self.mount,
            namespace=namespace,
        )

    def close(self) -> None:
        self.client.close()


@pytest.fixture(params=["loopback", "real"])
def server(request, tmp_path):
    if request.param == "loopback":
        with transit_server.transit() as (_, address):
            loopback = Server(address, transit_server.TOKEN, transit_server.MOUNT, tmp_path)
            yield loopback
            loopback.close()
        return
    real_address, token = os.environ.get("TACIT_VAULT_ADDR", ""), os.environ.get("TACIT_VAULT_TOKEN", "")
    if not (real_address and token):
        pytest.skip("needs a Vault or OpenBao: set TACIT_VAULT_ADDR and TACIT_VAULT_TOKEN")
    real = Server(real_address, token, os.environ.get("TACIT_VAULT_MOUNT") or "transit", tmp_path)
    yield real
    real.post(f"/keys/{real.key}/config", deletion_allowed=True)
    real.client.delete(f"/keys/{real.key}").raise_for_status()
    real.close()


def test_a_wrapped_key_opens_only_in_its_context(server):
    encryptors.check_opens_only_in_its_context(server.encryptor())
    encryptors.check_same_secret_twice_is_two_blobs(server.encryptor())


def test_flipped_bits_are_found(server):
    encryptors.check_flipped_bits_are_found(server.encryptor(), range(0, 60 * 8, 7))


def test_an_id_that_is_not_held_is_unknown(server):
    prefix = f"vault:{server.mount}/{server.key}:"
    encryptors.check_foreign_ids_are_unknown(
        server.encryptor(), "file:0:1", prefix, f"{prefix}v", f"{prefix}v2"
    )


def test_after_a_rotation_old_keys_open_and_are_rewrapped(server):
    encryptors.check_rotation_and_rewrap(server.encryptor())


def test_the_engines_own_rewrap_takes_no_associated_data(server):
    """The reason why ours decrypts and encrypts; where this fails one day, use the engine's."""
    encrypted = server.post(f"/encrypt/{server.key}", plaintext="aGVsbG8=", associated_data="Y3R4").json()
    answer = server.client.post(
        f"/rewrap/{server.key}",
        json={"ciphertext": encrypted["data"]["ciphertext"], "associated_data": "Y3R4"},
    )
    assert (answer.status_code, answer.json()) == (400, {"errors": ["cipher: message authentication failed"]})


def test_a_retired_version_is_unknown(server):
    encryptor = server.encryptor()
    wrapped = encryptor.wrap(encryptors.SECRET, encryptors.CONTEXT)
    encryptor.rotate()
    server.post(f"/keys/{server.key}/config", min_decryption_version=2)
    with pytest.raises(UnknownKek):
        encryptor.unwrap(wrapped, encryptors.CONTEXT)
    with pytest.raises(UnknownKek, match="min_decryption_version"):
        encryptor.check_holds([wrapped.kek_id])


def test_a_version_does_not_open_what_another_wrapped(server):
    encryptor = server.encryptor()
    wrapped = encryptor.wrap(encryptors.SECRET, encryptors.CONTEXT)
    with pytest.raises(UnwrapFailed):
        encryptor.unwrap(Wrapped(encryptor.rotate(), wrapped.blob), encryptors.CONTEXT)


def test_a_missing_key_or_mount_is_unknown(server):
    for encryptor in (server.encryptor(key="nowhere"), server.encryptor(mount="nowhere")):
        with pytest.raises(UnknownKek):
            _ = encryptor.kek_id
        with pytest.raises(UnknownKek):
            encryptor.rotate()
        kek_id = f"vault:{encryptor.mount}/{encryptor.key}:v1"
        with pytest.raises(UnknownKek):
            encryptor.unwrap(Wrapped(kek_id, bytes(60)), b"context")
        with pytest.raises(UnknownKek):
            encryptor.check_holds([kek_id])


def test_a_wrong_token_is_refused(server):
    (server.folder / "token").write_text("hvs.wrong")
    for use in (lambda: server.encryptor().wrap(b"secret", b"context"), lambda: server.encryptor().kek_id):
        with pytest.raises(ProviderRefused, match="token"):
            use()


def test_an_unknown_namespace_is_unknown(server):
    with pytest.raises(UnknownKek, match="TACIT_VAULT_NAMESPACE"):
        server.encryptor(namespace="elsewhere").wrap(b"secret", b"context")
