"""SLIP-0039 read from its text, for one group and no passphrase: an oracle that shares no code with the library.

Fields are multiplied bit by bit, polynomials are evaluated as Lagrange's formula says, and checksums are not looked
at. Only the list of words is the library's, which is data of the standard. Source: SLIP-0039.
"""

import hashlib
import hmac
from importlib import resources

WORDS = (resources.files("shamir_mnemonic") / "wordlist.txt").read_text().split()
SECRET_AT, DIGEST_AT = 255, 254


def recover(mnemonics: list[str]) -> bytes:
    """Return the secret of exactly as many shares as are needed."""
    parsed = [_parsed(mnemonic) for mnemonic in mnemonics]
    points = {index: value for _, _, index, value in parsed}
    sealed, digest_share = _at(SECRET_AT, points), _at(DIGEST_AT, points)
    if hmac.digest(digest_share[4:], sealed, "sha256")[:4] != digest_share[:4]:
        raise ValueError("The digest does not fit")
    identifier, exponent, _, _ = parsed[0]
    is_extendable, iterations = identifier & 1, 2_500 << exponent
    salt = b"" if is_extendable else b"shamir" + (identifier >> 1).to_bytes(2, "big")
    left, right = sealed[: len(sealed) // 2], sealed[len(sealed) // 2 :]
    for turn in (3, 2, 1, 0):
        mask = hashlib.pbkdf2_hmac("sha256", bytes([turn]), salt + right, iterations, len(right))
        left, right = right, bytes(a ^ b for a, b in zip(left, mask, strict=True))
    return right + left


def _parsed(mnemonic: str) -> tuple[int, int, int, bytes]:
    """Return identifier with the extendable flag, iteration exponent, member index and value."""
    bits = "".join(f"{WORDS.index(word):010b}" for word in mnemonic.split())
    value = bits[40:-30]
    value = value[len(value) % 16 :]
    return (
        int(bits[:16], 2),
        int(bits[16:20], 2),
        int(bits[32:36], 2),
        int(value, 2).to_bytes(len(value) // 8, "big"),
    )


def _at(x: int, points: dict[int, bytes]) -> bytes:
    (length,) = {len(value) for value in points.values()}
    result = bytes(length)
    for at, value in points.items():
        factor = 1
        for other in points:
            if other != at:
                factor = _product(factor, _product(other ^ x, _inverse(other ^ at)))
        result = bytes(sum_ ^ _product(factor, byte) for sum_, byte in zip(result, value, strict=True))
    return result


def _product(a: int, b: int) -> int:
    """Multiply in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1."""
    result = 0
    while b:
        if b & 1:
            result ^= a
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return result


def _inverse(a: int) -> int:
    return next(b for b in range(1, 256) if _product(a, b) == 1)
