"""Writes the package of a selection; the export is in the record before anything is read."""

from pathlib import Path
from typing import Any

from django.conf import settings

from audit.export.folder import zipped
from audit.export.formats import Format
from audit.export.package import write_package
from audit.services import Query, count_patients
from compliance.access.domain import Action, Actor
from compliance.access.services import recorded_use
from compliance.officer.exports.domain import ExportFormat, Selection

FORMATS: dict[ExportFormat, tuple[Format, ...]] = {
    ExportFormat.NDJSON: (Format.NDJSON,),
    ExportFormat.CSV: (Format.CSV,),
    ExportFormat.BUNDLE: (Format.BUNDLE,),
    ExportFormat.PDF: (Format.PDF,),
    ExportFormat.PACKAGE: tuple(Format),
}


def query_of(selection: Selection) -> Query:
    """Return the selection as the record is asked."""
    return Query(
        since=selection.since,
        until=selection.until,
        values=selection.equalities,
        outcomes=frozenset(map(int, selection.outcomes)),
        emergency=selection.emergency,
    )


def patients_in(selection: Selection) -> int:
    """Return how many patients the export would be about. Raises: AuditError, KeysError."""
    return count_patients(query_of(selection))


def needs_second_person(patients: int) -> bool:
    """Whether an export about so many patients needs a second officer."""
    return patients > settings.TACIT_AUDIT_EXPORT_PATIENTS


def details_of(selection: Selection, **more: object) -> dict[str, object]:
    """Return what the record says about an export. It names no patient; the event does, where the export is about one."""
    return {
        "filters": selection.filters,
        "since": selection.since.isoformat(),
        "until": selection.until.isoformat(),
        "format": selection.export_format.value,
        "justification": selection.justification,
        **more,
    }


def write_export(
    actor: Actor,
    selection: Selection,
    folder: Path,
    *,
    patients: int,
    approved_by: str = "",
    export_id: str = "",
) -> dict[str, Any]:
    """Write the package into a new folder and return its manifest. PHI.

    Raises: AccessDenied (recorded first), AuditUnavailable, ExportError, AuditError, KeysError.
    """
    more: dict[str, object] = {"patients": patients, "approved_by": approved_by, "export_id": export_id}
    detail = details_of(selection, **{name: value for name, value in more.items() if value != ""})
    with recorded_use(actor, action=Action.EXPORT_AUDIT, detail=detail, about=selection.patient):
        return write_package(
            query_of(selection),
            folder,
            formats=FORMATS[selection.export_format],
            requested_by=actor.username,
            held_sizes=selection.held_sizes,
        )


def archived(folder: Path) -> Path:
    """Return the package as one .zip beside its folder. Raises: ExportError."""
    return zipped(folder, folder.with_suffix(".zip"))
