"""An entry's index columns repeat its header and tokens, so that the database can search; they must say the same."""

from typing import Any

from audit.ledger.header import timestamp
from audit.ledger.models import Entry
from audit.ledger.tokens import FIELDS
from audit.verifier import Code, Leaf, VerificationFailed, header_of, tokens_of


def check_index(entry: Entry, leaf: Leaf) -> None:
    """Raise VerificationFailed where a column that is searched says other than the leaf."""
    if not is_header_indexed(entry, header_of(leaf)) or not are_tokens_indexed(entry, tokens_of(leaf)):
        raise VerificationFailed(Code.INDEX_MISMATCH, f"The index columns of {entry.event_id} were changed")


def edited_part(entry: Entry, leaf: Leaf) -> Code:
    """Return what of an entry was changed whose leaf is not the sealed one: where the index columns still tell."""
    try:
        header, tokens = header_of(leaf), tokens_of(leaf)
    except VerificationFailed as lie:
        return lie.code
    if not is_header_indexed(entry, header):
        return Code.HEADER_EDITED
    return Code.LEAF_MISMATCH if are_tokens_indexed(entry, tokens) else Code.TOKENS_EDITED


def is_header_indexed(entry: Entry, header: dict[str, Any]) -> bool:
    """Whether time, outcome and emergency are those of the header."""
    outcome = None if entry.outcome is None else str(entry.outcome)
    return (timestamp(entry.recorded_at), outcome, entry.emergency) == (
        header["recorded"],
        header.get("outcome"),
        header.get("emergency", False),
    )


def are_tokens_indexed(entry: Entry, tokens: dict[str, str]) -> bool:
    """Whether the token columns are those of the leaf."""
    columns = {field: getattr(entry, f"{field}_token") for field in FIELDS}
    return {field: bytes(value).hex() for field, value in columns.items() if value is not None} == tokens
