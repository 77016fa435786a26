"""Escrow of the keyring: k of n printed shares bring it back, fewer say nothing about it.

Shares are Shamir's over GF(2^8), as the words of SLIP-0039, which carry a checksum, the set's id, the threshold and
the share's number. Any tool for SLIP-0039 (empty passphrase) recovers the keys: 32 bytes for each version, oldest
first. Source: Shamir A. How to share a secret. Commun ACM 1979;22(11):612-613; SLIP-0039 (SatoshiLabs).

Only the file keyring needs this: Vault's and KMS's keys never leave them, and have ways of recovery of their own.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from audit.keys.errors import (
    DrillFailed,
    ShareInvalid,
    SharesMixed,
    SharesTooFew,
    SharingInvalid,
    UnknownKek,
    UnwrapFailed,
)
from audit.keys.keyring import KEY_BYTES, Keyring
from audit.keys.wrapping import KeptKey

TITLE = "tacit-key-share/1"
MAX_SHARES = 16
WORDS_A_LINE = 6
_TEXT = re.compile(
    rf"\s*{re.escape(TITLE)}\s+share: (?P<number>\d+) of (?P<count>\d+), any (?P<threshold>\d+) recover\s+"
    r"set: (?P<set_id>\d+)\s+fingerprint: (?P<fingerprint>[0-9a-f-]+)\s+words:(?P<words>[\sa-z0-9]+)",
)


@dataclass(frozen=True)
class KeyShare:
    """One share: its words and what is printed above them."""

    number: int
    count: int
    threshold: int
    set_id: int
    fingerprint: str
    words: str = field(repr=False)

    def text(self) -> str:
        """Return the share as it is printed. It is secret."""
        words = self.words.split()
        lines = (
            f"{start + 1:4} " + " ".join(words[start : start + WORDS_A_LINE])
            for start in range(0, len(words), WORDS_A_LINE)
        )
        head = (
            f"{TITLE}\nshare: {self.number} of {self.count}, any {self.threshold} recover\nset: {self.set_id:05}\n"
            f"fingerprint: {self.fingerprint}\nwords:\n"
        )
        return head + "\n".join(lines) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the share of a printed text. Raises: ShareInvalid."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ShareInvalid(f"This is no whole share: it begins with {TITLE} and ends with the words")
        words = " ".join(re.findall(r"[a-z]+", match["words"]))
        printed = {name: int(match[name]) for name in ("number", "count", "threshold", "set_id")}
        share = cls(**printed, fingerprint=match["fingerprint"], words=words)
        share.check()
        return share

    def check(self) -> None:
        """Raise ShareInvalid where the words' checksum fails, or the lines above the words say something else."""
        try:
            spoken = Share.from_mnemonic(self.words)
        except (MnemonicError, ValueError):
            raise ShareInvalid(
                f"Share {self.number} was mistyped: its words fail their checksum; compare each with the print"
            ) from None
        said = (self.number, self.threshold, self.set_id)
        if (spoken.index + 1, spoken.member_threshold, spoken.identifier) != said:
            raise ShareInvalid(
                f"Share {self.number} has other lines above its words than it was printed with"
            )


@dataclass(frozen=True)
class DrillReport:
    """What a drill showed."""

    key_id: str
    kek_id: str
    set_id: int
    shares: tuple[int, ...]
    fingerprint: str

    def __str__(self) -> str:
        numbers = " and ".join(map(str, self.shares))
        return (
            f"Shares {numbers} of set {self.set_id:05} recover the keyring {self.fingerprint}, which opens {self.key_id} "
            f"(under {self.kek_id}). Nothing was changed."
        )


def split_keyring(keyring: Keyring, *, threshold: int = 2, count: int = 3) -> list[KeyShare]:
    """Return the shares, `threshold` of which recover the keyring. Each call makes a new set. Raises: SharingInvalid."""
    if not 2 <= threshold <= count <= MAX_SHARES:
        raise SharingInvalid(
            f"Shares are k of n with 2 <= k <= n <= {MAX_SHARES}, not {threshold} of {count}"
        )
    # No passphrase: the secret is random, so the least stretching will do.
    (mnemonics,) = generate_mnemonics(1, [(threshold, count)], b"".join(keyring.keys), iteration_exponent=0)
    fingerprint = fingerprint_of(keyring)
    return [
        KeyShare(
            number=number,
            count=count,
            threshold=threshold,
            set_id=Share.from_mnemonic(words).identifier,
            fingerprint=fingerprint,
            words=words,
        )
        for number, words in enumerate(mnemonics, start=1)
    ]


def recover_keyring(shares: Sequence[KeyShare]) -> Keyring:
    """Return the keyring of these shares, in memory only. More than are needed must all agree.

    Raises: ShareInvalid, SharesMixed, SharesTooFew.
    """
    for share in shares:
        share.check()
    threshold = _threshold_of(shares)
    first, rest = shares[: threshold - 1], shares[threshold - 1 :]
    keyrings = [_combined([*first, share]) for share in rest]
    if any(fingerprint_of(keyring) != shares[0].fingerprint for keyring in keyrings):
        raise SharesMixed("The shares recover another keyring than the fingerprint printed on them says")
    return keyrings[0]


def recovery_drill(shares: Sequence[KeyShare], known: KeptKey) -> DrillReport:
    """Show that the shares work: recover the keyring into memory and open a key of the ledger. Changes nothing.

    Raises: DrillFailed, and what `recover_keyring` raises.
    """
    keyring = recover_keyring(shares)
    try:
        keyring.unwrap(known.wrapped, known.context)
    except (UnknownKek, UnwrapFailed):
        raise DrillFailed(
            f"The shares of set {shares[0].set_id:05} do not open {known.key_id}, which is under {known.wrapped.kek_id}: "
            "they are older than the last rotation, or another keyring's; make new shares"
        ) from None
    return DrillReport(
        key_id=known.key_id,
        kek_id=known.wrapped.kek_id,
        set_id=shares[0].set_id,
        shares=tuple(share.number for share in shares),
        fingerprint=fingerprint_of(keyring),
    )


def fingerprint_of(keyring: Keyring) -> str:
    """Return 16 hex digits in groups, which tell versions of keyrings apart and say nothing about the keys."""
    digest = hashlib.sha256(b"tacit/escrow/1" + b"".join(keyring.keys)).hexdigest()
    return "-".join(digest[start : start + 4] for start in range(0, 16, 4))


def _threshold_of(shares: Sequence[KeyShare]) -> int:
    """Return how many shares are needed. Raises: SharesMixed, SharesTooFew."""
    sets = {(share.set_id, share.threshold, share.count, share.fingerprint) for share in shares}
    if len(sets) > 1:
        raise SharesMixed("The shares are of different sets: compare the lines `set` and `fingerprint`")
    threshold = shares[0].threshold if shares else 2
    if len({share.number for share in shares}) < len(shares):
        raise SharesTooFew("The same share was given twice")
    if len(shares) < threshold:
        raise SharesTooFew(f"{len(shares)} of the {threshold} shares that are needed were given")
    return threshold


def _combined(shares: Sequence[KeyShare]) -> Keyring:
    """Return the keyring of exactly as many shares as are needed. Raises: SharesMixed."""
    try:
        secret: bytes = combine_mnemonics([share.words for share in shares])
    except MnemonicError:
        secret = b""
    if not secret or len(secret) % KEY_BYTES:
        raise SharesMixed("The shares do not belong together: one of them is of another set")
    return Keyring(tuple(secret[start : start + KEY_BYTES] for start in range(0, len(secret), KEY_BYTES)))
