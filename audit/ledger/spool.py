"""Emergency events that the database could not take: a sealed file each, until the sealer brings them into the record.

In an emergency care does not wait for the record (45 CFR 164.312(a)(2)(ii)). The files are encrypted and
authenticated. What keeps one from being removed before it is drained is the file system alone.
"""

import base64
import json
import logging
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction

from audit.errors import EntryUnreadable
from audit.keys.configured import key_encryptor
from audit.keys.errors import KeyFileInvalid, KeyFileMissing, KeyFileUnsafe, UnwrapFailed
from audit.keys.private_file import create_file, read_private
from audit.keys.wrapping import Wrapped
from audit.ledger.append import Document, write_documents
from audit.ledger.encoding import canonical, length_prefixed
from audit.ledger.models import Entry
from audit.witness.files import sync_folder

FORMAT = "tacit-spool/1"
KEY_BYTES, NONCE_BYTES = 32, 12
SET_ASIDE = ".unreadable"
DAMAGED = (EntryUnreadable, UnwrapFailed, KeyFileInvalid, KeyFileUnsafe)

logger = logging.getLogger(__name__)


def spool(documents: list[Document]) -> list[UUID]:
    """Write AuditEvents to the spool, each on the disk when this returns. Raises: KeysError."""
    for event_id, document in documents:
        create_file(spool_folder() / f"{event_id}.json", _sealed(event_id, document))
        logger.warning("the emergency event %s is spooled: the database does not take it", event_id)
    return [event_id for event_id, _ in documents]


def drain() -> int:
    """Bring what was spooled into the record, oldest first, each once; return how many events were written.

    What does not open is set aside and logged. Raises: DatabaseError, OSError, KeysError, AuditUnavailable.
    """
    return sum(_drained(path) for path in _files())


def spooled_count() -> int:
    """Return how many events wait in the spool."""
    return len(_files())


def unreadable_count() -> int:
    """Return how many files were set aside because they do not open."""
    return len(list(spool_folder().glob(f"*{SET_ASIDE}")))


def spool_folder() -> Path:
    """Return where emergency events wait."""
    return Path(settings.TACIT_AUDIT_SPOOL)


def _files() -> list[Path]:
    # Their names are ids of version 7, so this is the order in which they were made.
    return sorted(spool_folder().glob("*.json"))


def _drained(path: Path) -> bool:
    try:
        event_id, document = _opened(path)
    except KeyFileMissing:  # another process was first
        return False
    except DAMAGED as error:
        logger.critical("the spooled event %s does not open: %s", path.stem, type(error).__name__)
        path.rename(path.with_suffix(SET_ASIDE))
        return False
    is_new = not Entry.objects.filter(event_id=event_id).exists()
    with transaction.atomic():
        if is_new:
            write_documents([(event_id, document)], datetime.fromisoformat(document["recorded"]))
        # After the commit: a crash before it leaves the file, and one after it leaves an event that is known.
        transaction.on_commit(lambda: _removed(path))
    return is_new


def _removed(path: Path) -> None:
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def _sealed(event_id: UUID, document: Mapping[str, Any]) -> bytes:
    context, key = _context(event_id), secrets.token_bytes(KEY_BYTES)
    wrapped, nonce = key_encryptor().wrap(key, context), os.urandom(NONCE_BYTES)
    parts = {
        "wrapped": wrapped.blob,
        "nonce": nonce,
        "sealed": AESGCM(key).encrypt(nonce, canonical(document), context),
    }
    encoded = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    return json.dumps({"format": FORMAT, "kek_id": wrapped.kek_id, **encoded}).encode()


def _opened(path: Path) -> Document:
    """Return the event in a file. Raises: one of DAMAGED, and what the key-encryption key's keeper raises."""
    content = read_private(path)
    try:
        event_id, stored = UUID(path.stem), json.loads(content)
        wrapped, nonce, sealed = (
            base64.b64decode(stored[name], validate=True) for name in ("wrapped", "nonce", "sealed")
        )
        kek_id = str(stored["kek_id"])
    except (ValueError, KeyError, TypeError):
        raise EntryUnreadable("A spooled event is not what was written") from None
    key = key_encryptor().unwrap(Wrapped(kek_id, wrapped), _context(event_id))
    try:
        document: dict[str, Any] = json.loads(AESGCM(key).decrypt(nonce, sealed, _context(event_id)))
    except (InvalidTag, ValueError):
        raise EntryUnreadable("A spooled event is not what was written") from None
    return event_id, document


def _context(event_id: UUID) -> bytes:
    return FORMAT.encode() + length_prefixed(event_id.bytes, settings.TACIT_AUDIT_TENANT.encode())
