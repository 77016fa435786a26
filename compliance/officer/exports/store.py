"""Exports as they rest: a row with the encrypted request, and the encrypted package beside the other state."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils import timezone

from audit.domain import new_event_id
from audit.keys.configured import key_encryptor
from audit.keys.wrapping import Wrapped
from compliance.access.domain import Actor
from compliance.access.models import Account
from compliance.errors import ExportDamaged, ExportNotFound
from compliance.officer.exports.domain import ExportStatus, Selection
from compliance.officer.exports.models import AuditExport
from compliance.officer.exports.sealed_file import opened_file, seal_file

FORMAT = b"tacit-audit-export/1"
KEY_BYTES, NONCE_BYTES = 32, 12
# Memory that looks like a disk: what is decrypted for a moment never reaches one.
MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it, for this account alone
WORK_PREFIX = "tacit-export-"
# Generous: an event in all four forms, its leaf, and all of it again in the .zip.
BYTES_AN_ENTRY = 16 * 1024


def create(actor: Actor, selection: Selection, *, patients: int, status: ExportStatus) -> AuditExport:
    """Keep a new export. Raises: KeysError, DatabaseError."""
    export_id, key, now = new_event_id(), secrets.token_bytes(KEY_BYTES), timezone.now()
    wrapped, nonce = key_encryptor().wrap(key, _bound_to(export_id)), os.urandom(NONCE_BYTES)
    plain = json.dumps(selection.to_json()).encode()
    return AuditExport.objects.create(
        id=export_id,
        requested_by=Account.objects.get(username=actor.username),
        requested_at=now,
        expires_at=now + timedelta(hours=settings.TACIT_AUDIT_EXPORT_HOURS),
        status=status,
        patients=patients,
        request=nonce + AESGCM(key).encrypt(nonce, plain, _bound_to(export_id)),
        kek_id=wrapped.kek_id,
        wrapped_key=wrapped.blob,
    )


def read(export_id: str) -> AuditExport:
    """Return an export that has not expired. Raises: ExportNotFound."""
    forget_expired()
    try:
        return AuditExport.objects.select_related("requested_by", "approved_by").get(id=UUID(export_id))
    except (AuditExport.DoesNotExist, ValueError):
        raise ExportNotFound("No such export") from None


def selection_of(export: AuditExport) -> Selection:
    """Return what was asked for. Raises: ExportDamaged, KeysError."""
    sealed = bytes(export.request)
    try:
        plain = AESGCM(_key(export)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound_to(export.id))
    except InvalidTag:
        raise ExportDamaged("The request of an export does not open: it was changed") from None
    return Selection.from_json(json.loads(plain))


def keep_package(export: AuditExport, archive: Path) -> None:
    """Encrypt the package and keep it until the export expires. Raises: OSError, KeysError."""
    seal_file(archive, package_file(export.id), key=_key(export), bound_to=_bound_to(export.id))


def package_pieces(export: AuditExport) -> Iterator[bytes]:
    """Yield the package as it was written. Raises: ExportDamaged, KeysError."""
    return opened_file(package_file(export.id), key=_key(export), bound_to=_bound_to(export.id))


def forget_expired() -> None:
    """Remove what has expired, package first: without its row, and the key in it, a package is noise."""
    for export in AuditExport.objects.filter(expires_at__lte=timezone.now()):
        package_file(export.id).unlink(missing_ok=True)
        export.delete()


@contextmanager
def work_folder(entries: int) -> Iterator[Path]:
    """Give a folder for a package over so many entries in the clear, in memory where it fits, and remove it."""
    is_in_memory = _memory_free_bytes() > entries * BYTES_AN_ENTRY
    parent = MEMORY_FOLDER if is_in_memory else exports_folder()
    exports_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    for place in (MEMORY_FOLDER, exports_folder()):
        _sweep(place)
    with TemporaryDirectory(prefix=f"{WORK_PREFIX}{os.getpid()}-", dir=parent) as folder:
        yield Path(folder)


def exports_folder() -> Path:
    """Return where packages are kept."""
    return Path(settings.TACIT_AUDIT_EXPORTS)


def package_file(export_id: UUID) -> Path:
    """Return where a package is kept."""
    return exports_folder() / f"{export_id}.sealed"


def _memory_free_bytes() -> int:
    return shutil.disk_usage(MEMORY_FOLDER).free if os.access(MEMORY_FOLDER, os.W_OK) else 0


def _sweep(parent: Path) -> None:
    """Remove what a worker that was killed left behind."""
    for left in parent.glob(f"{WORK_PREFIX}*"):
        pid = left.name.removeprefix(WORK_PREFIX).partition("-")[0]
        if pid.isdecimal() and not Path("/proc", pid).exists():
            shutil.rmtree(left, ignore_errors=True)


def _key(export: AuditExport) -> bytes:
    return key_encryptor().unwrap(Wrapped(export.kek_id, bytes(export.wrapped_key)), _bound_to(export.id))


def _bound_to(export_id: UUID) -> bytes:
    return FORMAT + export_id.bytes
