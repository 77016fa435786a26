"""A package: the files, the manifest over them, and the signature over that."""

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from audit import verifier
from audit.export.asking import stated
from audit.export.counting import Counts
from audit.export.cover import cover_pdf
from audit.export.entries import EntryWriter, Progress
from audit.export.errors import NothingSealed
from audit.export.event_files import BundleFile, CsvFile, EventFile, NdjsonFile
from audit.export.folder import PackageFolder, new_folder
from audit.export.formats import Format
from audit.export.manifest import manifest_bytes, manifest_note
from audit.export.ranges import range_of
from audit.export.sealing import seal_waiting, unsealed_count
from audit.ledger.header import timestamp
from audit.ledger.models import Checkpoint, Writer
from audit.ledger.reading import Query
from audit.ledger.store import newest_checkpoint

README = Path(__file__).with_name("readme.txt")
WRITERS_AT_ONCE = 500


def _tell_nobody(done: int, total: int) -> None:
    """Pass over progress."""


def write_package(
    query: Query,
    folder: Path,
    *,
    formats: Collection[Format],
    requested_by: str,
    held_sizes: Collection[int] = (),
    on_progress: Progress = _tell_nobody,
) -> dict[str, Any]:
    """Write the package of a query into a new folder, and return its manifest. Both are PHI.

    `held_sizes` are those of the checkpoints that auditors hold: each can be checked against this package.
    `on_progress` gets how many entries of the range are done, and how many it has.
    Raises: ExportError, KeysError, EntryUnreadable, KeyMissing, DatabaseError.
    """
    seal_waiting()
    newest = newest_checkpoint()
    if newest is None or newest.size == 0:
        raise NothingSealed("No entry is sealed yet, so there is nothing to prove: start the sealer")
    places, asked = range_of(query, newest.size), stated(query)
    with new_folder(folder) as target:
        made_at = timestamp(timezone.now())
        files = _event_files(target, formats, made_at)
        writer = EntryWriter(target.create(verifier.LEAVES), files, verifier.Filter(asked))
        writer.write(places, newest.size, held_sizes, on_progress)
        for file in files:
            file.close()
        manifest = {
            "origin": settings.TACIT_AUDIT_ORIGIN,
            "tenant": settings.TACIT_AUDIT_TENANT,
            "requested_by": requested_by,
            "created": made_at,
            "query": asked,
            "range": {"start": places.start, "end": places.stop},
            "checkpoint": {"size": newest.size, "root": bytes(newest.root).hex()},
            "counts": _counts(writer.counts, query),
        }
        _add_small_files(target, newest, writer.writer_ids)
        if Format.PDF in formats:
            target.add("cover.pdf", cover_pdf(manifest, writer.counts))
        return _signed(target, manifest)


def _event_files(folder: PackageFolder, formats: Collection[Format], made_at: str) -> list[EventFile]:
    files: list[EventFile] = [NdjsonFile(folder.create(verifier.EVENTS))]
    if Format.BUNDLE in formats:
        files.append(BundleFile(folder.create(verifier.BUNDLE), made_at=made_at))
    if Format.CSV in formats:
        files.append(CsvFile(folder.create("events.csv")))
    return files


def _add_small_files(folder: PackageFolder, newest: Checkpoint, writer_ids: Iterable[UUID]) -> None:
    folder.add(verifier.CHECKPOINT, newest.note.encode())
    folder.add(verifier.WRITERS, json.dumps(_boxes(sorted(writer_ids)), indent=1).encode() + b"\n")
    folder.add("README.txt", README.read_bytes())
    folder.add("verifier.py", Path(verifier.__file__).read_bytes())


def _boxes(writer_ids: list[UUID]) -> list[dict[str, str]]:
    """Return the first key of each writer, sealed to the officer."""
    rows: list[Writer] = []
    for start in range(0, len(writer_ids), WRITERS_AT_ONCE):
        rows += Writer.objects.filter(writer_id__in=writer_ids[start : start + WRITERS_AT_ONCE])
    return [{"writer_id": str(row.writer_id), "officer_box": bytes(row.officer_box).hex()} for row in rows]


def _counts(counts: Counts, query: Query) -> dict[str, int]:
    return {
        "entries": counts.entries,
        "purged": counts.purged,
        "events": counts.events,
        "shredded": counts.shredded,
        "emergencies": counts.emergencies,
        "unsealed": unsealed_count(query),
    }


def _signed(folder: PackageFolder, manifest: dict[str, Any]) -> dict[str, Any]:
    whole = manifest | {"files": folder.close_files()}
    content = manifest_bytes(whole)
    folder.add(verifier.MANIFEST, content)
    folder.add(verifier.MANIFEST_NOTE, manifest_note(content))
    return whole
