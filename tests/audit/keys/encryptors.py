"""What every keeper of a key-encryption key must do: the same checks for the file, Vault and KMS."""

import pytest

from audit.keys.errors import KeysError, UnknownKek, UnwrapFailed
from audit.keys.wrapping import KeptKey, KeyEncryptor, Wrapped, rewrap

SECRET = bytes(range(32))
CONTEXT = b"data/2026-11-25"


def check_opens_only_in_its_context(encryptor: KeyEncryptor) -> None:
    wrapped = encryptor.wrap(SECRET, CONTEXT)
    assert wrapped.kek_id == encryptor.kek_id
    assert SECRET not in wrapped.blob
    assert encryptor.unwrap(wrapped, CONTEXT) == SECRET
    for other in (b"", CONTEXT + b" ", CONTEXT[:-1], b"blind/2026Q4"):
        with pytest.raises(UnwrapFailed):
            encryptor.unwrap(wrapped, other)


def check_same_secret_twice_is_two_blobs(encryptor: KeyEncryptor) -> None:
    assert encryptor.wrap(SECRET, CONTEXT).blob != encryptor.wrap(SECRET, CONTEXT).blob


def check_flipped_bits_are_found(
    encryptor: KeyEncryptor, bits: range | None = None, *, also: tuple[type[KeysError], ...] = ()
) -> None:
    wrapped = encryptor.wrap(SECRET, CONTEXT)
    for bit in bits or range(len(wrapped.blob) * 8):
        blob = bytearray(wrapped.blob)
        blob[bit // 8] ^= 1 << bit % 8
        with pytest.raises((UnwrapFailed, UnknownKek, *also)):
            encryptor.unwrap(Wrapped(wrapped.kek_id, bytes(blob)), CONTEXT)
    for cut in (0, 1, 11, 12, len(wrapped.blob) - 1):
        with pytest.raises((UnwrapFailed, UnknownKek, *also)):
            encryptor.unwrap(Wrapped(wrapped.kek_id, wrapped.blob[:cut]), CONTEXT)


def check_foreign_ids_are_unknown(encryptor: KeyEncryptor, *others: str) -> None:
    wrapped = encryptor.wrap(SECRET, CONTEXT)
    for kek_id in ("", "elsewhere:1", wrapped.kek_id + "9", *others):
        with pytest.raises(UnknownKek):
            encryptor.unwrap(Wrapped(kek_id, wrapped.blob), CONTEXT)
        with pytest.raises(UnknownKek):
            encryptor.check_holds([wrapped.kek_id, kek_id])
    encryptor.check_holds([])
    encryptor.check_holds([wrapped.kek_id])


def check_rotation_and_rewrap(encryptor: KeyEncryptor) -> None:
    before = encryptor.wrap(SECRET, CONTEXT)
    rotated = encryptor.rotate()
    assert rotated == encryptor.kek_id != before.kek_id
    after = encryptor.wrap(SECRET, CONTEXT)
    assert encryptor.unwrap(before, CONTEXT) == SECRET
    encryptor.check_holds([before.kek_id, after.kek_id])
    kept = [KeptKey("old", before, CONTEXT), KeptKey("new", after, CONTEXT)]
    (again,) = rewrap(kept, encryptor)
    assert (again.key_id, again.context, again.wrapped.kek_id) == ("old", CONTEXT, rotated)
    assert encryptor.unwrap(again.wrapped, CONTEXT) == SECRET
    assert list(rewrap([again], encryptor)) == []
    with pytest.raises(UnwrapFailed):
        list(rewrap([KeptKey("old", before, b"another")], encryptor))
