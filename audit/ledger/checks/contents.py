"""What only this installation can check, because it needs the keys: that entries open, and are what they commit to."""

import json
from collections.abc import Sequence
from copy import copy

from audit.balp.documents import search_values
from audit.balp.errors import BalpError
from audit.errors import EntryUnreadable, KeyMissing
from audit.keys.errors import KeysError
from audit.ledger.encoding import canonical, commitment_of
from audit.ledger.header import event_header
from audit.ledger.keys import key_ring, quarter_of
from audit.ledger.models import Entry, SubjectKey
from audit.ledger.reading import Opened, opened
from audit.ledger.tokens import tokens_of
from audit.verifier import Code, VerificationFailed

UNREADABLE = (EntryUnreadable, KeyMissing, KeysError, ValueError)


def check_contents(entries: Sequence[Entry]) -> int:
    """Open events and check each against its entry; return how many are of shredded patients.

    Raises: VerificationFailed.
    """
    events = [entry for entry in entries if entry.outcome is not None]
    return sum(_check(each) for each in _opened(events))


def _opened(events: Sequence[Entry]) -> list[Opened]:
    try:
        return list(opened(events))
    except UNREADABLE as error:
        if len(events) > 1:  # which of them?
            return [each for entry in events for each in _opened([entry])]
        raise _failure(events[0], error) from None


def _failure(entry: Entry, error: Exception) -> VerificationFailed:
    if isinstance(error, (KeyMissing, KeysError)):
        return VerificationFailed(Code.KEY_DAMAGED, f"The key of {entry.event_id}: {error}")
    return VerificationFailed(_unreadable(entry), f"{entry.event_id} does not open")


def _check(each: Opened) -> bool:
    entry = each.entry
    try:
        values = search_values(each.document)
    except BalpError:
        raise VerificationFailed(
            Code.CIPHERTEXT_MISMATCH, f"{entry.event_id} holds no event of this record"
        ) from None
    if not each.is_shredded and commitment_of(each.salt, canonical(each.document)) != bytes(entry.commitment):
        raise VerificationFailed(Code.COMMITMENT_MISMATCH, f"{entry.event_id} is not what it commits to")
    if canonical(event_header(values, entry.recorded_at)) != bytes(entry.header):
        raise VerificationFailed(Code.HEADER_EDITED, f"The header of {entry.event_id} is not its event's")
    _check_tokens(each, values)
    return each.is_shredded


def _unreadable(entry: Entry) -> Code:
    """Return what was changed of an entry that does not open: another patient's key may open what this one's does not."""
    tried = copy(entry)
    tried.subject = b""
    if not _is_openable(tried):
        return Code.CIPHERTEXT_MISMATCH
    tried.subject = entry.subject
    for token in SubjectKey.objects.values_list("subject_token", flat=True):
        tried.patient_token = bytes(token)
        if _is_openable(tried):
            return Code.TOKENS_EDITED
    return Code.CIPHERTEXT_MISMATCH


def _is_openable(entry: Entry) -> bool:
    try:
        return bool(next(opened([entry])))
    except UNREADABLE:
        return False


def _check_tokens(each: Opened, values: dict[str, object]) -> None:
    """Raise VerificationFailed where an event was hidden from searches when it was written, or put into one."""
    entry = each.entry
    secret = key_ring().open(f"blind/{quarter_of(entry.recorded_at)}")
    expected = {field: token.hex() for field, token in tokens_of(values, secret).items()}
    found = json.loads(bytes(entry.tokens))
    if each.is_shredded:
        expected["patient"] = found.get("patient", "")
    if found != expected:
        raise VerificationFailed(Code.TOKENS_EDITED, f"The tokens of {entry.event_id} are not its event's")
