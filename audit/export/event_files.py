"""The events that match, as files that grow line by line: NDJSON with salts, FHIR Bundle, CSV."""

import csv
import io
import json
from typing import Protocol

from audit.balp.documents import event_of
from audit.export.folder import PackageFile
from audit.ledger.encoding import canonical
from audit.ledger.reading import Opened
from audit.verifier import bundle_line

# A cell that begins like this is a formula to a spreadsheet (CWE-1236); full-width signs too, in some of them.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
COLUMNS = "seq id recorded actor role action patient_id purpose outcome reason emergency detail".split()


class EventFile(Protocol):
    """A file of events."""

    def add(self, seq: int, opened: Opened) -> None:
        """Write an event."""

    def close(self) -> None:
        """Write what comes last."""


class NdjsonFile:
    """Each event with the salt of its commitment; that of a shredded patient without, as it would tell the patient."""

    def __init__(self, file: PackageFile) -> None:
        self._file = file

    def add(self, seq: int, opened: Opened) -> None:
        """Write an event."""
        proof = '"shredded":true' if opened.is_shredded else f'"salt":"{opened.salt.hex()}"'
        start = f'{{"seq":{seq},"event_id":"{opened.entry.event_id}",{proof},"event":'
        self._file.write(start.encode() + canonical(opened.document) + b"}\n")

    def close(self) -> None:
        """Nothing comes last."""


class BundleFile:
    """A FHIR Bundle of type collection, an entry a line."""

    def __init__(self, file: PackageFile, *, made_at: str) -> None:
        self._file = file
        # FHIR knows no empty list.
        self._separator = b',"entry":[\n'
        self._end = b"}\n"
        self._file.write(f'{{"resourceType":"Bundle","type":"collection","timestamp":"{made_at}"'.encode())

    def add(self, seq: int, opened: Opened) -> None:
        """Write an event."""
        line = bundle_line(str(opened.entry.event_id).encode(), canonical(opened.document))
        self._file.write(self._separator + line)
        self._separator, self._end = b",\n", b"\n]}\n"

    def close(self) -> None:
        """Close the Bundle."""
        self._file.write(self._end)


class CsvFile:
    """A table for spreadsheets, which must not run what is in it."""

    def __init__(self, file: PackageFile) -> None:
        self._file = file
        self._write(COLUMNS)

    def add(self, seq: int, opened: Opened) -> None:
        """Write an event."""
        event, entry = event_of(opened.document), opened.entry
        cells = {
            "seq": seq,
            "id": entry.event_id,
            "recorded": entry.recorded_at.isoformat(),
            "actor": event.actor,
            "role": event.role,
            "action": event.action,
            "patient_id": event.patient_id,
            "purpose": event.purpose,
            "outcome": event.outcome.value,
            "reason": event.reason,
            "emergency": "yes" if entry.emergency else "no",
            "detail": json.dumps(dict(event.detail)),
        }
        self._write([harmless(str(cells[column])) for column in COLUMNS])

    def close(self) -> None:
        """Nothing comes last."""

    def _write(self, cells: list[str]) -> None:
        buffer = io.StringIO()
        csv.writer(buffer).writerow(cells)
        self._file.write(buffer.getvalue().encode())


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
