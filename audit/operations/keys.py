"""Changes of keys: rotate, wrap again, escrow, drill, and the officer's own."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit.errors import RequestInvalid
from audit.keys.configured import keeper, key_encryptor, officer_public_key_file, signing_key_file
from audit.keys.errors import KeyFileInvalid, KeySettingInvalid, ShareInvalid
from audit.keys.escrow import DrillReport, KeyShare, fingerprint_of, recovery_drill, split_keyring
from audit.keys.file_keyring import FileKeyring
from audit.keys.officer import read_officer_private_key, read_officer_public_key
from audit.keys.private_file import create_file, read_private
from audit.keys.signing import rewrap_signing_key
from audit.keys.wrapping import KeptKey, Wrapped, move, rewrap
from audit.ledger.keys import forget_keys
from audit.ledger.models import WrappedKey
from audit.ledger.setup import officer_passphrase_file, officer_private_file


def rotate() -> str:
    """Make a new version of the key-encryption key and return its id. What is wrapped stays under the old one."""
    return key_encryptor().rotate()


@transaction.atomic
def rewrap_all(*, from_keeper: str = "") -> int:
    """Wrap all keys under the current key-encryption key; return how many were under another.

    `from_keeper` names the keeper that wrapped them, where it was changed. Raises: KeysError.
    """
    encryptor, kept = key_encryptor(), _kept_keys()
    moved = list(
        move(kept, source=keeper(from_keeper), target=encryptor) if from_keeper else rewrap(kept, encryptor)
    )
    WrappedKey.objects.bulk_create(
        WrappedKey(
            key_id=each.key_id,
            kek_id=each.wrapped.kek_id,
            wrapped=each.wrapped.blob,
            created_at=timezone.now(),
        )
        for each in moved
    )
    forget_keys()
    is_signing_moved = (
        not from_keeper and signing_key_file().exists() and rewrap_signing_key(signing_key_file(), encryptor)
    )
    return len(moved) + bool(is_signing_moved)


def escrow(folder: Path, *, threshold: int, count: int) -> tuple[str, list[Path]]:
    """Write the keyring's shares, one file each; return the keyring's fingerprint and the files. Raises: KeysError."""
    keyring = _file_keyring().keyring()
    files = []
    for share in split_keyring(keyring, threshold=threshold, count=count):
        file = folder / f"share-{share.set_id:05}-{share.number}-of-{share.count}.txt"
        create_file(file, share.text().encode())
        files.append(file)
    return fingerprint_of(keyring), files


def drill(files: Sequence[Path]) -> DrillReport:
    """Show that shares recover the keyring; nothing is changed. Raises: KeysError, RequestInvalid."""
    shares = [_share(file) for file in files]
    current = _file_keyring().keyring().kek_ids
    known = next((each for each in _kept_keys() if each.wrapped.kek_id in current), None)
    if known is None:
        raise RequestInvalid(
            "The ledger has no key under the keyring yet, so that a drill would show nothing"
        )
    return recovery_drill(shares, known)


@dataclass(frozen=True)
class OfficerKeyTaken:
    """Where the officer's private key lies now, and its passphrase, which is shown once."""

    file: Path
    passphrase: str = field(repr=False)


def take_officer_key(folder: Path) -> OfficerKeyTaken:
    """Move the officer's private key to the folder, and leave neither it nor its passphrase here.

    Raises: RequestInvalid where the folder is none, KeysError.
    """
    if not folder.is_dir():
        raise RequestInvalid(f"{folder} is no folder: name one on a medium that leaves with the officer")
    private = officer_private_file()
    content = read_private(private)
    passphrase = read_private(officer_passphrase_file()).decode().strip()
    taken = folder / private.name
    create_file(taken, content)
    _check_pair(taken, passphrase)
    for file in (officer_passphrase_file(), private):
        _erase(file)
    return OfficerKeyTaken(taken, passphrase)


def _check_pair(private: Path, passphrase: str) -> None:
    """Raise KeyFileInvalid unless what was copied opens and belongs to the public half."""
    public = read_officer_public_key(officer_public_key_file()).public_bytes_raw()
    if read_officer_private_key(private, passphrase).public_key().public_bytes_raw() != public:
        raise KeyFileInvalid(f"{private} does not belong to the officer's public key: nothing was removed")


def _erase(file: Path) -> None:
    """Overwrite and remove. A disk that writes elsewhere may keep the old blocks: see docs/audit-keys.md."""
    with file.open("r+b") as stream:
        stream.write(bytes(file.stat().st_size))
        stream.flush()
        os.fsync(stream.fileno())
    file.unlink()


def _kept_keys() -> Iterator[KeptKey]:
    newest = WrappedKey.objects.values("key_id").annotate(newest=Max("id")).values("newest")
    for row in WrappedKey.objects.filter(id__in=newest).order_by("id").iterator():
        yield KeptKey(row.key_id, Wrapped(row.kek_id, bytes(row.wrapped)), row.key_id.encode())


def _file_keyring() -> FileKeyring:
    if settings.TACIT_AUDIT_KEYS != "file":
        raise KeySettingInvalid(
            f"TACIT_AUDIT_KEYS is {settings.TACIT_AUDIT_KEYS}: only the file keyring is escrowed in shares; Vault and KMS "
            "have ways of recovery of their own"
        )
    return FileKeyring(Path(settings.TACIT_AUDIT_KEYRING))


def _share(file: Path) -> KeyShare:
    try:
        return KeyShare.from_text(file.read_text())
    except (OSError, UnicodeDecodeError):
        raise ShareInvalid(f"{file} cannot be read: name the file of a share") from None
