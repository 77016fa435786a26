"""The officer's key pair and the boxes that only the officer opens."""

import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from audit.keys.errors import (
    KeyFileExists,
    KeyFileInvalid,
    KeyFileMissing,
    KeyFileUnsafe,
    OfficerBoxInvalid,
    PassphraseInvalid,
)
from audit.keys.officer import (
    create_officer_keys,
    new_passphrase,
    officer_public_key,
    open_with_officer_key,
    read_officer_private_key,
    read_officer_public_key,
    seal_to_officer,
)

PRIVATE = X25519PrivateKey.generate()
PASSPHRASE = "löwenzahn am wegrand"


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    private, public = tmp_path / "officer.pem", tmp_path / "officer-public.pem"
    create_officer_keys(private_path=private, public_path=public, passphrase=PASSPHRASE)
    return private, public


def test_what_the_public_half_seals_the_private_half_opens(pair):
    private, public = pair
    box = seal_to_officer(read_officer_public_key(public), b"ratchet key", b"writer")
    assert (
        open_with_officer_key(read_officer_private_key(private, PASSPHRASE), box, b"writer") == b"ratchet key"
    )


def test_a_box_is_byte_for_byte_as_the_format_says():
    """Opens a box with HKDF written out from RFC 5869, so that neither side can drift."""
    box = seal_to_officer(PRIVATE.public_key(), b"k" * 32, b"writer-id")
    ephemeral, nonce, sealed = box[:32], box[32:44], box[44:]
    shared = PRIVATE.exchange(X25519PublicKey.from_public_bytes(ephemeral))
    extract = _hmac(ephemeral + PRIVATE.public_key().public_bytes_raw(), shared)
    key = _hmac(extract, b"tacit/officer-box/1" + b"\x01")
    assert AESGCM(key).decrypt(nonce, sealed, b"writer-id") == b"k" * 32
    assert len(box) == 32 + 12 + 32 + 16


def _hmac(key: bytes, message: bytes) -> bytes:
    mac = HMAC(key, SHA256())
    mac.update(message)
    return mac.finalize()


@given(st.binary(max_size=100), st.binary(max_size=60), st.binary(max_size=60))
def test_a_box_opens_only_for_its_owner(secret, aad, other):
    box = seal_to_officer(PRIVATE.public_key(), secret, aad)
    assert open_with_officer_key(PRIVATE, box, aad) == secret
    if other != aad:
        with pytest.raises(OfficerBoxInvalid):
            open_with_officer_key(PRIVATE, box, other)


def test_every_flipped_bit_is_found():
    box = seal_to_officer(PRIVATE.public_key(), b"secret", b"aad")
    for bit in range(len(box) * 8):
        flipped = bytearray(box)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(OfficerBoxInvalid):
            open_with_officer_key(PRIVATE, bytes(flipped), b"aad")


@pytest.mark.parametrize("box", [b"", b"\x00" * 32, b"\x00" * 100, b"\x01" + b"\x00" * 99, b"x" * 43])
def test_what_is_no_box_is_told(box):
    with pytest.raises(OfficerBoxInvalid):
        open_with_officer_key(PRIVATE, box, b"")


def test_another_officer_opens_nothing():
    box = seal_to_officer(PRIVATE.public_key(), b"secret", b"aad")
    with pytest.raises(OfficerBoxInvalid):
        open_with_officer_key(X25519PrivateKey.generate(), box, b"aad")


def test_the_private_half_is_an_encrypted_pem_for_its_owner_only(pair):
    private, public = pair
    assert private.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert stat.S_IMODE(public.stat().st_mode) == 0o644
    asked = subprocess.run(
        ["/usr/bin/openssl", "pkey", "-in", private, "-passin", f"pass:{PASSPHRASE}", "-pubout"],
        capture_output=True,
        check=True,
    )
    assert asked.stdout == public.read_bytes()


def test_the_passphrase_counts_whatever_keyboard_typed_it(pair):
    private, _ = pair
    read_officer_private_key(private, "lo\u0308wenzahn am wegrand")
    for wrong in ("", "lowenzahn am wegrand", PASSPHRASE + " "):
        with pytest.raises(PassphraseInvalid):
            read_officer_private_key(private, wrong)


def test_keys_are_made_once_and_never_half(pair, tmp_path):
    private, public = pair
    before = private.read_bytes(), public.read_bytes()
    with pytest.raises(KeyFileExists):
        create_officer_keys(private_path=private, public_path=tmp_path / "new.pem", passphrase=PASSPHRASE)
    with pytest.raises(KeyFileExists):
        create_officer_keys(private_path=tmp_path / "new.pem", public_path=public, passphrase=PASSPHRASE)
    assert (private.read_bytes(), public.read_bytes()) == before
    assert not (tmp_path / "new.pem").exists()


def test_a_short_passphrase_is_refused(tmp_path):
    with pytest.raises(PassphraseInvalid, match="15"):
        create_officer_keys(private_path=tmp_path / "a", public_path=tmp_path / "b", passphrase="x" * 14)
    assert list(tmp_path.iterdir()) == []


def test_a_new_passphrase_is_long_and_never_the_same():
    made = {new_passphrase() for _ in range(100)}
    assert len(made) == 100
    assert {len(each.replace("-", "")) for each in made} == {26}


def test_a_private_half_that_lies_open_or_is_none_is_refused(pair, tmp_path):
    private, public = pair
    private.chmod(0o640)
    with pytest.raises(KeyFileUnsafe):
        read_officer_private_key(private, PASSPHRASE)
    bare = tmp_path / "bare.pem"
    bare.touch(0o600)
    bare.write_bytes(PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyFileInvalid):
        read_officer_private_key(bare, PASSPHRASE)
    with pytest.raises(KeyFileInvalid):
        read_officer_public_key(private)
    with pytest.raises(KeyFileMissing):
        read_officer_public_key(tmp_path / "nowhere.pem")


def test_the_installation_names_its_officer(settings, pair):
    settings.TACIT_AUDIT_OFFICER_KEY = pair[1]
    assert officer_public_key() == read_officer_public_key(pair[1])
