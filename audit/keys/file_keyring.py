"""The default keeper: a keyring in a file of this machine, mode 0600."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from audit.keys.errors import KeyFileExists, KeyFileMissing, UnknownKek
from audit.keys.keyring import Keyring
from audit.keys.private_file import create_file, locked, read_private, replace_private
from audit.keys.wrapping import Wrapped


@dataclass(frozen=True)
class FileKeyring:
    """A `KeyEncryptor` over a file, which is read for each call: a rotation by another process counts at once.

    The file is made when something is first wrapped, never when something is unwrapped. Call `check_holds` with the
    ids that the ledger knows at every start, so that a lost file is not quietly followed by a new one.
    """

    path: Path

    @property
    def kek_id(self) -> str:
        """The id of the version that wraps now. Raises: KeyFileError."""
        return self._read_or_create().kek_id

    def keyring(self) -> Keyring:
        """Return the keyring. Raises: KeyFileError."""
        return Keyring.from_json(read_private(self.path))

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """Return the secret under the newest version. Raises: KeyFileError."""
        return self._read_or_create().wrap(secret, context)

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """Return the secret. Raises: UnwrapFailed, UnknownKek, KeyFileError."""
        return self.keyring().unwrap(wrapped, context)

    def rewrap(self, wrapped: Wrapped, context: bytes) -> Wrapped:
        """Return the same secret under the newest version. Raises: UnwrapFailed, UnknownKek, KeyFileError."""
        return self.wrap(self.unwrap(wrapped, context), context)

    def rotate(self) -> str:
        """Add a version and return its id. Raises: KeyFileError."""
        self._read_or_create()
        with locked(self.path):
            rotated = self.keyring().with_new_version()
            replace_private(self.path, rotated.to_json())
        return rotated.kek_id

    def restore(self, keyring: Keyring) -> None:
        """Write a recovered keyring where there is no file. Raises: KeyFileExists, KeyFileUnwritable."""
        create_file(self.path, keyring.to_json())

    def check_holds(self, kek_ids: Iterable[str]) -> None:
        """Raise where a wrapped key is known that this file cannot open; a missing file is fine where none is.

        Raises: KeyFileMissing, UnknownKek, and what reading the file raises.
        """
        needed = set(kek_ids)
        try:
            held = set(self.keyring().kek_ids)
        except KeyFileMissing:
            if not needed:
                return
            raise KeyFileMissing(
                f"{self.path} is missing, but the ledger has keys that only it opens: restore it from a backup, or "
                "from the officers' shares"
            ) from None
        if missing := sorted(needed - held):
            raise UnknownKek(
                f"{self.path} does not hold {', '.join(missing)}, which keys of the ledger are under: restore the "
                "right keyring, or choose the keeper they were wrapped by in TACIT_AUDIT_KEYS"
            )

    def _read_or_create(self) -> Keyring:
        # Where another process was first, its keyring is the one.
        if not self.path.exists():
            with suppress(KeyFileExists):
                create_file(self.path, Keyring.generate().to_json())
        return self.keyring()
