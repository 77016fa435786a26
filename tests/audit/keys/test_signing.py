"""The ledger's signing key, on disk only under the KEK."""

import base64
import json
import stat

import pytest

from audit.keys.errors import (
    KeyFileExists,
    KeyFileInvalid,
    KeyFileMissing,
    KeyFileUnsafe,
    UnknownKek,
    UnwrapFailed,
)
from audit.keys.file_keyring import FileKeyring
from audit.keys.signing import (
    create_signing_key,
    read_signing_key,
    read_signing_public_key,
    rewrap_signing_key,
    signing_kek_id,
)


@pytest.fixture
def encryptor(tmp_path):
    return FileKeyring(tmp_path / "keyring.json")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "signing-key.json"


def test_what_is_created_is_read_and_its_public_half_needs_no_kek(encryptor, path):
    created = create_signing_key(path, encryptor)
    signature = read_signing_key(path, encryptor).sign(b"note")
    created.public_key().verify(signature, b"note")
    assert read_signing_public_key(path) == created.public_key().public_bytes_raw()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert created.private_bytes_raw() not in path.read_bytes()


def test_it_is_created_once(encryptor, path):
    create_signing_key(path, encryptor)
    before = path.read_bytes()
    with pytest.raises(KeyFileExists):
        create_signing_key(path, encryptor)
    assert path.read_bytes() == before


def test_rotation_rewraps_the_same_key(encryptor, path):
    created = create_signing_key(path, encryptor)
    assert not rewrap_signing_key(path, encryptor)
    old = signing_kek_id(path)
    rotated = encryptor.rotate()
    assert rewrap_signing_key(path, encryptor)
    assert old != signing_kek_id(path) == rotated
    assert read_signing_key(path, encryptor).private_bytes_raw() == created.private_bytes_raw()


def test_the_public_half_cannot_be_exchanged(encryptor, path, tmp_path):
    create_signing_key(path, encryptor)
    other = tmp_path / "other.json"
    create_signing_key(other, encryptor)
    document, foreign = json.loads(path.read_text()), json.loads(other.read_text())
    path.write_text(json.dumps(document | {"public": foreign["public"]}))
    with pytest.raises(UnwrapFailed):
        read_signing_key(path, encryptor)


def test_a_key_that_does_not_match_its_public_half_is_refused(encryptor, path):
    public = create_signing_key(path, encryptor).public_key().public_bytes_raw()
    planted = encryptor.wrap(bytes(32), b"tacit/signing-key/1" + public)
    document = json.loads(path.read_text())
    path.write_text(json.dumps(document | {"wrapped": base64.b64encode(planted.blob).decode()}))
    with pytest.raises(KeyFileInvalid, match="halves"):
        read_signing_key(path, encryptor)


def test_another_keyring_does_not_open_it(encryptor, path, tmp_path):
    create_signing_key(path, encryptor)
    other = FileKeyring(tmp_path / "other.json")
    other.rotate()
    with pytest.raises(UnknownKek):
        read_signing_key(path, other)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "tacit-signing-key/1"}'])
def test_a_file_that_is_none_is_told(encryptor, path, content):
    path.touch(0o600)
    path.write_text(content)
    with pytest.raises(KeyFileInvalid):
        read_signing_key(path, encryptor)


def test_a_missing_or_open_file_is_told(encryptor, path):
    with pytest.raises(KeyFileMissing):
        read_signing_key(path, encryptor)
    create_signing_key(path, encryptor)
    path.chmod(0o644)
    with pytest.raises(KeyFileUnsafe):
        read_signing_key(path, encryptor)
