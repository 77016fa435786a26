"""The rows that hold keys: wrapped keys, patients' keys, and the boxes of writers."""

from collections.abc import Iterable
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from audit.errors import EntryUnreadable
from audit.keys.configured import key_encryptor
from audit.keys.errors import KeysError, UnknownKek
from audit.keys.wrapping import Wrapped
from audit.ledger.models import SubjectKey, WrappedKey, Writer
from audit.ledger.subjects import subject_keys
from audit.verifier import Code, Macs, VerificationFailed

PAGE = 500


class OfficerBoxes(dict[bytes, bytes]):
    """The writers' first keys, sealed to the officer; a writer that registers meanwhile is looked up."""

    def __init__(self) -> None:
        rows = Writer.objects.values_list("writer_id", "officer_box")
        super().__init__((writer_id.bytes, bytes(box)) for writer_id, box in rows)

    def __missing__(self, writer_id: bytes) -> bytes:
        row = Writer.objects.filter(writer_id=UUID(bytes=writer_id)).first()
        if row is None:
            raise KeyError(writer_id)
        return bytes(row.officer_box)


def check_wrapped_keys() -> None:
    """Raise VerificationFailed where a wrapped key does not open; an older wrapping may be under a KEK that is gone."""
    known: set[str] = set()
    for row in WrappedKey.objects.order_by("-id"):
        try:
            key_encryptor().unwrap(Wrapped(row.kek_id, bytes(row.wrapped)), row.key_id.encode())
        except UnknownKek as error:
            if row.key_id not in known:
                raise _damaged(row.key_id, error) from None
        except KeysError as error:
            raise _damaged(row.key_id, error) from None
        known.add(row.key_id)


def check_keys_present(key_ids: Iterable[str]) -> None:
    """Raise VerificationFailed where a key that entries name is in no row."""
    missing = set(key_ids) - set(WrappedKey.objects.values_list("key_id", flat=True))
    if missing:
        raise VerificationFailed(Code.KEY_DAMAGED, f"The audit key {min(missing)} is gone")


def check_subject_keys() -> None:
    """Raise VerificationFailed where a patient's key does not open; one that is gone was shredded."""
    rows, after = SubjectKey.objects.order_by("id"), 0
    while page := list(rows.filter(id__gt=after).values_list("id", "subject_token")[:PAGE]):
        try:
            subject_keys(bytes(token) for _, token in page)
        except (EntryUnreadable, KeysError) as error:
            raise VerificationFailed(Code.KEY_DAMAGED, str(error)) from None
        after = page[-1][0]


def opened_macs(boxes: OfficerBoxes, officer: X25519PrivateKey | None) -> Macs | None:
    """Return what checks the MACs, once every box has opened. Raises: VerificationFailed."""
    if officer is None:
        return None
    macs = Macs(boxes, officer)
    for writer_id in boxes:
        macs.first_key(writer_id)
    return macs


def _damaged(key_id: str, error: KeysError) -> VerificationFailed:
    return VerificationFailed(Code.KEY_DAMAGED, f"The audit key {key_id}: {error}")
