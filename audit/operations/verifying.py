"""Checks the ledger in its database, against what others hold where that is given."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from audit.errors import RequestInvalid
from audit.keys.officer import read_officer_private_key
from audit.ledger.checking import check_ledger
from audit.verifier import VerificationFailed

__all__ = ["VerificationFailed", "verify"]


def verify(
    *,
    keys: Sequence[str] = (),
    held: Sequence[Path] = (),
    officer_key: Path | None = None,
    passphrase: str = "",
) -> dict[str, Any]:
    """Return what was found to hold, as JSON values.

    `keys` are pinned verifier keys, `held` files of checkpoints that others hold; with the officer's private key the MACs
    are checked too. Raises: VerificationFailed with its code, RequestInvalid, KeysError, DatabaseError.
    """
    officer = read_officer_private_key(officer_key, passphrase) if officer_key else None
    try:
        notes = [file.read_bytes() for file in held]
    except OSError as error:
        raise RequestInvalid(f"A checkpoint cannot be read ({error.strerror}): name its file") from None
    try:
        return asdict(check_ledger(keys=keys, held=notes, officer=officer))
    except ValueError:
        raise RequestInvalid("A pinned key is not name+id+base64: take what `audit vkey` printed") from None
