"""The keyring in a file: versions, contexts, and a file that only its owner may read."""

import json
import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.keys.errors import (
    KeyFileExists,
    KeyFileInvalid,
    KeyFileMissing,
    KeyFileUnsafe,
    KeyFileUnwritable,
    UnknownKek,
    UnwrapFailed,
)
from audit.keys.file_keyring import FileKeyring
from audit.keys.keyring import Keyring
from audit.keys.wrapping import KeptKey, Wrapped, move
from tests.audit.keys import encryptors

KEYRING = Keyring.generate()


@pytest.fixture
def encryptor(tmp_path: Path) -> FileKeyring:
    return FileKeyring(tmp_path / "audit" / "keyring.json")


def test_a_wrapped_key_opens_only_in_its_context(encryptor):
    encryptors.check_opens_only_in_its_context(encryptor)
    encryptors.check_same_secret_twice_is_two_blobs(encryptor)


def test_every_flipped_bit_is_found(encryptor):
    encryptors.check_flipped_bits_are_found(encryptor)


def test_an_id_that_is_not_held_is_unknown(encryptor):
    encryptors.check_foreign_ids_are_unknown(encryptor, "vault:transit/tacit-audit:v1")


def test_after_a_rotation_old_keys_open_and_are_rewrapped(encryptor):
    encryptors.check_rotation_and_rewrap(encryptor)


def test_another_keyring_opens_nothing(encryptor, tmp_path):
    wrapped = encryptor.wrap(encryptors.SECRET, encryptors.CONTEXT)
    other = FileKeyring(tmp_path / "other.json")
    other.rotate()
    with pytest.raises(UnknownKek):
        other.unwrap(wrapped, encryptors.CONTEXT)
    with pytest.raises(UnwrapFailed):
        other.unwrap(Wrapped(other.kek_id, wrapped.blob), encryptors.CONTEXT)


def test_a_version_does_not_open_what_another_wrapped(encryptor):
    wrapped = encryptor.wrap(encryptors.SECRET, encryptors.CONTEXT)
    with pytest.raises(UnwrapFailed):
        encryptor.unwrap(Wrapped(encryptor.rotate(), wrapped.blob), encryptors.CONTEXT)


def test_the_id_is_authenticated_even_where_two_versions_are_alike():
    ring = Keyring(KEYRING.keys * 2)
    wrapped = ring.wrap(b"secret", b"context")
    with pytest.raises(UnwrapFailed):
        ring.unwrap(Wrapped(ring.kek_ids[0], wrapped.blob), b"context")


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(max_size=200))
def test_any_secret_comes_back_and_only_in_its_context(secret, context, other):
    wrapped = KEYRING.wrap(secret, context)
    assert KEYRING.unwrap(wrapped, context) == secret
    if other != context:
        with pytest.raises(UnwrapFailed):
            KEYRING.unwrap(wrapped, other)


@given(st.binary(max_size=100), st.data())
def test_any_change_of_the_blob_is_found(secret, data):
    wrapped = KEYRING.wrap(secret, b"context")
    blob = data.draw(st.binary(max_size=150).filter(lambda each: each != wrapped.blob))
    with pytest.raises(UnwrapFailed):
        KEYRING.unwrap(Wrapped(wrapped.kek_id, blob), b"context")


def test_the_file_is_made_on_first_use_for_its_owner_only(encryptor):
    assert not encryptor.path.exists()
    encryptor.check_holds([])
    assert not encryptor.path.exists()
    encryptor.wrap(b"secret", b"context")
    assert stat.S_IMODE(encryptor.path.stat().st_mode) == 0o600
    assert [each.name for each in encryptor.path.parent.iterdir()] == ["keyring.json"]
    encryptor.rotate()
    assert stat.S_IMODE(encryptor.path.stat().st_mode) == 0o600
    assert [each.name for each in encryptor.path.parent.iterdir()] == ["keyring.json"]


def test_opening_never_makes_a_keyring(encryptor):
    with pytest.raises(KeyFileMissing):
        encryptor.unwrap(Wrapped("file:0:1", b"blob"), b"context")
    assert not encryptor.path.exists()


def test_it_does_not_start_where_the_file_is_lost_but_keys_are_under_it(encryptor):
    kek_id = encryptor.wrap(b"secret", b"context").kek_id
    encryptor.path.unlink()
    with pytest.raises(KeyFileMissing, match="shares"):
        encryptor.check_holds([kek_id])
    assert not encryptor.path.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o601])
def test_a_file_that_others_may_use_is_refused(encryptor, mode):
    wrapped = encryptor.wrap(b"secret", b"context")
    encryptor.path.chmod(mode)
    for use in (
        lambda: encryptor.unwrap(wrapped, b"context"),
        lambda: encryptor.wrap(b"", b""),
        encryptor.rotate,
        lambda: encryptor.check_holds([wrapped.kek_id]),
    ):
        with pytest.raises(KeyFileUnsafe, match="chmod 600"):
            use()


def test_a_link_is_refused(encryptor, tmp_path):
    encryptor.wrap(b"secret", b"context")
    link = tmp_path / "link.json"
    link.symlink_to(encryptor.path)
    with pytest.raises(KeyFileUnsafe, match="symbolic link"):
        FileKeyring(link).wrap(b"secret", b"context")
    dangling = tmp_path / "dangling.json"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(KeyFileUnsafe, match="symbolic link"):
        FileKeyring(dangling).wrap(b"secret", b"context")
    assert not (tmp_path / "nowhere").exists()


def test_a_pipe_and_a_folder_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "folder").mkdir(mode=0o700)
    for name in ("pipe", "folder"):
        with pytest.raises(KeyFileUnsafe, match="not a file"):
            FileKeyring(tmp_path / name).keyring()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_account_is_refused(encryptor):
    encryptor.wrap(b"secret", b"context")
    os.chown(encryptor.path, 65534, -1)
    with pytest.raises(KeyFileUnsafe, match="another account"):
        encryptor.keyring()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "occupied").write_text("")
    with pytest.raises(KeyFileUnwritable):
        FileKeyring(tmp_path / "occupied" / "keyring.json").wrap(b"secret", b"context")


@pytest.mark.parametrize(
    "damage",
    [
        lambda document: b"",
        lambda document: b"[]",
        lambda document: b"{}",
        lambda document: b"\xff",
        lambda document: json.dumps(document | {"format": "tacit-keyring/2"}).encode(),
        lambda document: json.dumps(document | {"id": "0" * 16}).encode(),
        lambda document: json.dumps(document | {"keys": {}}).encode(),
        lambda document: json.dumps(document | {"keys": []}).encode(),
        lambda document: json.dumps(document | {"keys": {"2": document["keys"]["1"]}}).encode(),
        lambda document: json.dumps(document | {"keys": {"1": document["keys"]["1"][:-4]}}).encode(),
        lambda document: json.dumps(document | {"keys": document["keys"] | {"2": "c2hvcnQ="}}).encode(),
    ],
)
def test_a_damaged_file_is_told_without_its_content(encryptor, damage):
    encryptor.wrap(b"secret", b"context")
    document = json.loads(encryptor.path.read_bytes())
    encryptor.path.write_bytes(damage(document))
    with pytest.raises(KeyFileInvalid) as caught:
        encryptor.keyring()
    assert document["keys"]["1"][:8] not in str(caught.value)


def test_a_recovered_keyring_never_replaces_one(encryptor):
    recovered = Keyring.generate().with_new_version()
    encryptor.restore(recovered)
    assert encryptor.keyring() == recovered
    with pytest.raises(KeyFileExists):
        encryptor.restore(Keyring.generate())
    assert encryptor.keyring() == recovered


def test_a_crash_while_rotating_leaves_the_old_keyring(encryptor, monkeypatch):
    before = encryptor.wrap(b"secret", b"context")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(KeyFileUnwritable, match="No space left"):
        encryptor.rotate()
    monkeypatch.undo()
    assert encryptor.kek_id == before.kek_id
    assert [each.name for each in encryptor.path.parent.iterdir()] == ["keyring.json"]


def _wrap_in_process(path: Path) -> tuple[str, bytes]:
    wrapped = FileKeyring(path).wrap(b"secret", b"context")
    return wrapped.kek_id, wrapped.blob


def _rotate_in_process(path: Path) -> str:
    return FileKeyring(path).rotate()


def test_processes_that_start_at_once_share_one_keyring_and_repeat_no_nonce(encryptor):
    with multiprocessing.get_context("fork").Pool(4) as pool:
        wrapped = pool.map(_wrap_in_process, [encryptor.path] * 16)
        rotated = pool.map(_rotate_in_process, [encryptor.path] * 4)
    assert {kek_id for kek_id, _ in wrapped} == {encryptor.keyring().kek_ids[0]}
    assert len({blob[:12] for _, blob in wrapped}) == len(wrapped)
    assert sorted(rotated) == list(encryptor.keyring().kek_ids[1:])


def test_no_key_in_a_repr_or_a_message(encryptor):
    wrapped = encryptor.wrap(b"the secret", b"context")
    ring = encryptor.keyring()
    shown = f"{ring!r} {ring} {encryptor!r} {encryptor} {wrapped!r}"
    with pytest.raises(UnwrapFailed) as caught:
        ring.unwrap(wrapped, b"other")
    shown += str(caught.value)
    for form in (repr(ring.keys[0])[2:-1], ring.keys[0].hex(), "the secret"):
        assert form not in shown


def test_keys_move_from_one_keeper_to_another(encryptor, tmp_path):
    target = FileKeyring(tmp_path / "target.json")
    kept = [KeptKey(name, encryptor.wrap(name.encode(), b"context"), b"context") for name in ("a", "b")]
    moved = list(move(kept, source=encryptor, target=target))
    assert [target.unwrap(each.wrapped, b"context") for each in moved] == [b"a", b"b"]
    assert list(move(moved, source=encryptor, target=target)) == []
