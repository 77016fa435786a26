"""How the ledger stands, and what it does not protect as it is configured."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min
from django.utils import timezone

from audit.errors import AuditError
from audit.keys.configured import key_encryptor, signing_key_file
from audit.keys.errors import KeysError
from audit.ledger.anchoring import anchors
from audit.ledger.lease import lease_state
from audit.ledger.models import Entry, Seal, Unsealed, WrappedKey
from audit.ledger.setup import officer_passphrase_file, officer_private_file
from audit.ledger.spool import spooled_count, unreadable_count
from audit.ledger.store import newest_checkpoint

Document = dict[str, Any]


def ledger_status() -> Document:
    """Return the ledger's state as JSON values. It holds counts, times and names of keys; no event. Raises: DatabaseError."""
    status: Document = {
        "tenant": settings.TACIT_AUDIT_TENANT,
        "origin": settings.TACIT_AUDIT_ORIGIN,
        "entries": Entry.objects.count(),
        "sealed": Seal.objects.count(),
        "unsealed": Unsealed.objects.count(),
        "checkpoint": _checkpoint(),
        "lease": _lease(),
        "spool": {"waiting": spooled_count(), "unreadable": unreadable_count()},
        "keys": _keys(),
        "anchors": _told(_anchors),
        "witness": {"token_is_set": bool(settings.TACIT_AUDIT_WITNESS_TOKEN)},
    }
    return status | {"not_protected": _gaps(status)}


def _checkpoint() -> Document | None:
    newest = newest_checkpoint()
    if newest is None:
        return None
    return {
        "size": newest.size,
        "root": bytes(newest.root).hex(),
        "created_at": newest.created_at.isoformat(),
        "age_seconds": _age(newest.created_at),
    }


def _lease() -> Document | None:
    lease = lease_state()
    if lease is None:
        return None
    return {
        "holder": lease.holder,
        "expires_at": lease.expires_at.isoformat(),
        "is_held": lease.is_held,
    }


def _keys() -> Document:
    wrapped = WrappedKey.objects.values("kek_id").annotate(
        keys=Count("id"), oldest=Min("created_at"), newest=Max("created_at")
    )
    return {
        "keeper": settings.TACIT_AUDIT_KEYS,
        "current_kek": _told(lambda: key_encryptor().kek_id),
        "wrapped": [
            {
                "kek_id": row["kek_id"],
                "keys": row["keys"],
                "oldest_age_days": _age(row["oldest"]) // 86400,
                "newest_age_days": _age(row["newest"]) // 86400,
            }
            for row in wrapped.order_by("oldest")
        ],
        "signing_key_is_there": signing_key_file().exists(),
        "officer_private_key_is_here": officer_private_file().exists(),
        "officer_passphrase_is_here": officer_passphrase_file().exists(),
    }


def _anchors() -> Document:
    """Return the size of the newest checkpoint in each anchor, None where it holds none."""
    found = {}
    for name, anchor in anchors().items():
        newest = anchor.newest()
        found[name] = {"newest_size": newest.size if newest else None}
    return found


def _gaps(status: Document) -> list[str]:
    """Return in plain words what an attacker could do unseen."""
    gaps = []
    if not status["anchors"]:
        gaps.append(
            "No anchor: whoever owns the database and the signing key can roll the record back to an earlier state. "
            "Set TACIT_AUDIT_ANCHOR_FILE or TACIT_AUDIT_ANCHOR_BUCKET."
        )
    if not status["witness"]["token_is_set"]:
        gaps.append(
            "No witness: whoever owns this machine can show different people different records, and nobody compares. "
            "Set TACIT_AUDIT_WITNESS_TOKEN and run `manage.py audit witness` on another host."
        )
    if status["keys"]["officer_private_key_is_here"]:
        gaps.append(
            "The officer's private key is still on this machine: whoever takes the machine can forge entries that were "
            "not sealed yet. `manage.py audit keys take-officer-key` removes it."
        )
    if status["unsealed"] and not (status["lease"] and status["lease"]["is_held"]):
        gaps.append(
            f"Nobody seals: {status['unsealed']} entries are protected by their MACs alone. Start `manage.py audit seal`."
        )
    if status["spool"]["unreadable"]:
        gaps.append(
            "Spooled emergency events do not open: keep the files, and find out who changed them or the keys."
        )
    return gaps


def _told(read: Callable[[], Any]) -> Any:  # noqa: ANN401 - any JSON value
    """Return what can be read, else why not: a status is needed most when something is broken."""
    try:
        return read()
    except (AuditError, KeysError) as error:
        return {"problem": str(error)}


def _age(moment: datetime) -> int:
    return int((timezone.now() - moment).total_seconds())
