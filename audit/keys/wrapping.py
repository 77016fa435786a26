"""Wrapped keys, and what every keeper of a key-encryption key (KEK) can do with them.

Source: NIST SP 800-57 part 1 rev. 5, sections 5.3.6 (cryptoperiods) and 8.2.3 (change of keys).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True)
class Wrapped:
    """A key that only the KEK of that id opens. `blob` is ciphertext, in the form of its keeper."""

    kek_id: str
    blob: bytes


class KeyEncryptor(Protocol):
    """A keeper of KEKs. `context` is authenticated and not encrypted; it says what the key is for, without PHI.

    Every method raises ProviderError where the keeper is another machine, KeyFileError where it is a file.
    """

    @property
    def kek_id(self) -> str:
        """The id of the KEK that wraps now."""

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """Return the secret under the current KEK."""

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """Return the secret. Raises: UnwrapFailed, UnknownKek."""

    def rewrap(self, wrapped: Wrapped, context: bytes) -> Wrapped:
        """Return the same secret under the current KEK. Raises: UnwrapFailed, UnknownKek."""

    def rotate(self) -> str:
        """Make a new version of the KEK, which wraps from now on, and return its id. Old ones still unwrap."""

    def check_holds(self, kek_ids: Iterable[str]) -> None:
        """Raise UnknownKek (or KeyFileMissing) where a key under one of these KEKs could not be unwrapped."""


class KeptKey(NamedTuple):
    """A wrapped key as the ledger keeps it."""

    key_id: str
    wrapped: Wrapped
    context: bytes


def rewrap(wrapped_keys: Iterable[KeptKey], encryptor: KeyEncryptor) -> Iterator[KeptKey]:
    """Yield the keys that are under an older KEK, now under the current one; the others are left out.

    Raises: UnwrapFailed, UnknownKek.
    """
    current = encryptor.kek_id
    for kept in wrapped_keys:
        if kept.wrapped.kek_id != current:
            yield kept._replace(wrapped=encryptor.rewrap(kept.wrapped, kept.context))


def move(wrapped_keys: Iterable[KeptKey], *, source: KeyEncryptor, target: KeyEncryptor) -> Iterator[KeptKey]:
    """Yield every key that is not under the target's current KEK, moved from one keeper to another.

    Raises: UnwrapFailed, UnknownKek.
    """
    current = target.kek_id
    for kept in wrapped_keys:
        if kept.wrapped.kek_id != current:
            secret = source.unwrap(kept.wrapped, kept.context)
            yield kept._replace(wrapped=target.wrap(secret, kept.context))
