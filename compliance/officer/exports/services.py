"""Ask for an export, approve another officer's, write it in the worker, take it away."""

import logging
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit.services import count_entries
from compliance.access.domain import Action, Actor
from compliance.access.models import Account
from compliance.access.services import authorize_use, may
from compliance.errors import ApprovalRefused, ExportNotFound, ExportNotReady
from compliance.officer.exports import store
from compliance.officer.exports.domain import ExportStatus, Selection
from compliance.officer.exports.models import AuditExport
from compliance.officer.exports.writing import (
    archived,
    details_of,
    needs_second_person,
    patients_in,
    write_export,
)

logger = logging.getLogger(__name__)


def request_export(actor: Actor, selection: Selection) -> AuditExport:
    """Record the request and keep it sealed; the door enqueues it, unless a second officer is needed.

    Raises: AccessDenied (recorded first), AuditUnavailable, KeysError.
    """
    authorize_use(actor, action=Action.REQUEST_EXPORT, detail=details_of(selection), about=selection.patient)
    store.forget_expired()
    patients = patients_in(selection)
    status = ExportStatus.WAITING if needs_second_person(patients) else ExportStatus.QUEUED
    return store.create(actor, selection, patients=patients, status=status)


def approve_export(actor: Actor, export_id: str) -> AuditExport:
    """Approve another officer's export; the door then enqueues it.

    Raises: AccessDenied (recorded first), ExportNotFound, ApprovalRefused, AuditUnavailable.
    """
    authorize_use(actor, action=Action.APPROVE_EXPORT, detail={"export_id": export_id[:36]})
    export = store.read(export_id)
    if export.requested_by.username == actor.username:
        raise ApprovalRefused("Another officer than the one who asked must approve it")
    account = Account.objects.get(username=actor.username)
    waiting = AuditExport.objects.filter(id=export.id, status=ExportStatus.WAITING)
    if not waiting.update(status=ExportStatus.QUEUED, approved_by=account, approved_at=timezone.now()):
        raise ApprovalRefused("This export does not wait for approval")
    return store.read(export_id)


def list_exports(actor: Actor) -> list[AuditExport]:
    """Return the officer's own exports, those they approved, and those that wait for a second officer; newest first."""
    _check_officer(actor)
    store.forget_expired()
    shown = _own(actor) | Q(status=ExportStatus.WAITING)
    rows = AuditExport.objects.filter(shown).select_related("requested_by", "approved_by")
    return list(rows.order_by("-requested_at"))


def read_export(actor: Actor, export_id: str) -> AuditExport:
    """Return an export that `list_exports` would show. Raises: AccessDenied (recorded first), ExportNotFound."""
    _check_officer(actor)
    export = store.read(export_id)
    if export.status != ExportStatus.WAITING and not _is_theirs(actor, export):
        raise ExportNotFound("No such export")
    return export


def take_package(actor: Actor, export_id: str) -> Iterator[bytes]:
    """Yield the package, a piece at a time, to whoever asked for it or approved it; the taking was recorded before.

    PHI. Raises: AccessDenied (recorded first), ExportNotFound, ExportNotReady, ExportDamaged, AuditUnavailable, KeysError.
    """
    export = read_export(actor, export_id)
    if not _is_theirs(actor, export):
        raise ExportNotFound("No such export")
    if export.status != ExportStatus.DONE:
        raise ExportNotReady(f"The export is {export.status}")
    selection = store.selection_of(export)
    detail = details_of(selection, export_id=str(export.id)) | {"format": "download"}
    authorize_use(actor, action=Action.EXPORT_AUDIT, detail=detail, about=selection.patient)
    return store.package_pieces(export)


def run_export(export_id: str) -> None:
    """Write a queued export, once; what goes wrong is recorded and shown as `failed`."""
    export = store.read(export_id)
    queued = AuditExport.objects.filter(id=export.id, status=ExportStatus.QUEUED)
    if not queued.update(status=ExportStatus.RUNNING):
        return
    try:
        _write(export)
    except Exception:
        logger.exception("export %s failed", export_id)
        _end(export, ExportStatus.FAILED)
        return
    _end(export, ExportStatus.DONE)


def fail_unqueued(export: AuditExport) -> None:
    """Mark an export that could not be enqueued, so that nobody waits for it."""
    _end(export, ExportStatus.FAILED)


def export_document(export: AuditExport) -> dict[str, Any]:
    """Return an export as JSON values; what was asked for is in it, for whoever approves. Raises: ExportDamaged."""
    approver = export.approved_by
    return {
        "id": str(export.id),
        "status": export.status,
        "requested_by": export.requested_by.username,
        "requested_at": export.requested_at.isoformat(),
        "approved_by": approver.username if approver else None,
        "expires_at": export.expires_at.isoformat(),
        "patients": export.patients,
        "request": _request_document(store.selection_of(export)),
    }


def _request_document(selection: Selection) -> dict[str, Any]:
    document = selection.to_json()
    document["format"] = document.pop("export_format")
    document["outcomes"] = list(document["outcomes"])
    return document


def _write(export: AuditExport) -> None:
    approver = export.approved_by
    selection = store.selection_of(export)
    with store.work_folder(count_entries(selection.since, selection.until)) as folder:
        write_export(
            export.requested_by.actor,
            selection,
            folder / "package",
            patients=export.patients,
            approved_by=approver.username if approver else "",
            export_id=str(export.id),
        )
        store.keep_package(export, archived(folder / "package"))


@transaction.atomic
def _end(export: AuditExport, status: ExportStatus) -> None:
    AuditExport.objects.filter(id=export.id).update(status=status)


def _own(actor: Actor) -> Q:
    return Q(requested_by__username=actor.username) | Q(approved_by__username=actor.username)


def _is_theirs(actor: Actor, export: AuditExport) -> bool:
    approver = export.approved_by
    return actor.username in {export.requested_by.username, approver.username if approver else ""}


def _check_officer(actor: Actor) -> None:
    """Raise AccessDenied, recorded first, for any other role. Looking how far an export is is not recorded each time."""
    if not may(actor, Action.REQUEST_EXPORT):
        authorize_use(actor, action=Action.REQUEST_EXPORT)
