"""The day to which a file of PubMed's tells which of its records stand: the newest one on which NLM revised one.

NLM writes a whole file at once from the state of that day, so that a record without a retraction was not known to be
retracted then. `DateRevised` (XML) and `LR` (NBIB) are the only dates in it that NLM sets itself.
"""

import re
from datetime import date
from pathlib import Path

from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.readers.formats import Format
from clinical.evidence.readers.opening import opened

_REVISED = {
    Format.PUBMED: re.compile(
        rb"<DateRevised>\s*<Year>(\d{4})</Year>\s*<Month>(\d\d?)</Month>\s*<Day>(\d\d?)</Day>"
    ),
    Format.NBIB: re.compile(rb"^LR  - (\d{4})(\d\d)(\d\d)", re.MULTILINE),
}
_PIECE = 1 << 20
# Longer than any match, so that one across two pieces is found.
_OVERLAP = 200


def newest_revision(path: Path, file_format: Format) -> date | None:
    """Return the newest date of revision in the file, as far as it can be read; None in other formats."""
    pattern = _REVISED.get(file_format)
    return _newest(path, pattern) if pattern else None


def _newest(path: Path, pattern: re.Pattern[bytes]) -> date | None:
    newest: tuple[int, ...] = (0, 0, 0)
    tail = b""
    try:
        with opened(path) as stream:
            while piece := stream.read(_PIECE):
                found = (tuple(map(int, match.groups())) for match in pattern.finditer(tail + piece))
                newest = max([newest, *found])
                tail = piece[-_OVERLAP:]
    except CorpusUnreadable:
        # Whoever reads the records says what is wrong with the file.
        pass
    try:
        return date(*newest)
    except ValueError:
        return None
