"""CSV and TSV as sources, a record a row; columns are known by their names, in any order and case."""

import csv
import io
import re
from collections.abc import Iterator
from io import RawIOBase

from clinical.evidence.domain import Retraction, Source
from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.grading import grade_article
from clinical.evidence.readers.exports.lines import Line, read_lines
from clinical.evidence.readers.languages import language_code
from clinical.evidence.readers.records import (
    RECORD_BYTES,
    Reading,
    Record,
    Skipped,
    SkipReason,
    Unusable,
    own_id,
    read_doi,
    read_year,
)
from clinical.evidence.retraction import retraction_by_title
from clinical.evidence.specialties import specialties_of

# Every name under which exports of reference managers, PubMed, Scopus and Web of Science know a column.
COLUMNS = {
    "id": "id _id uid record_id key",
    "title": "title article_title document_title primary_title",
    "text": "abstract text abstract_note summary content",
    "year": "year publication_year pub_year py date publication_date published",
    "doi": "doi digital_object_identifier",
    "pmid": "pmid pubmed_id pubmedid medline_id",
    "journal": "journal source_title journal_book publication_title journal_title source",
    "authors": "authors author author_full_names",
    "type": "type publication_type publication_types document_type item_type",
    "mesh": "mesh mesh_terms mesh_headings",
    "language": "language lang language_of_original_document",
    "retracted": "retracted is_retracted",
}
_NAMES = {name: column for column, names in COLUMNS.items() for name in names.split()}
_REQUIRED = ("title", "text")
_DELIMITERS = ",;\t|"
_WORD = re.compile(r"[^0-9a-z]+")
_PEOPLE = re.compile(r"\s*[;|]\s*")


class _Lines:
    """Lines as `csv` wants them, and what is wrong with one as an exception in its place."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self.number = 0
        self.size = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        self.number, line = next(self._lines)
        if isinstance(line, SkipReason):
            raise Unusable(line)
        self.size += len(line)
        if self.size > RECORD_BYTES:
            raise Unusable(SkipReason.TOO_LARGE)
        # NUL is in no text, and older versions of `csv` refuse the file for it.
        return line.replace("\0", "")


def read_table(stream: RawIOBase, reading: Reading) -> Iterator[Record]:
    """Yield the rows under the first one, which names the columns. Raises: CorpusUnreadable."""
    csv.field_size_limit(RECORD_BYTES)
    lines = read_lines(stream)
    delimiter, columns = _read_header(lines, reading)
    source = _Lines(lines)
    rows = csv.reader(source, delimiter=delimiter)
    while True:
        start, source.size = source.number + 1, 0
        try:
            row = next(rows)
            if any(cell.strip() for cell in row):
                yield _row(_cells(row, columns), reading)
        except StopIteration:
            return
        except csv.Error:
            yield Skipped(f"line {start}", SkipReason.TOO_LARGE)
        except Unusable as error:
            yield Skipped(f"line {max(start, 2)}", error.reason)


def _read_header(lines: Iterator[Line], reading: Reading) -> tuple[str, list[str | None]]:
    """Return what separates cells, and the column that each cell of a row belongs to."""
    line = next((text for _, text in lines if isinstance(text, SkipReason) or text.strip()), "")
    if isinstance(line, SkipReason):
        raise CorpusUnreadable(
            reading.path, f"the line of column names is {line}", fix="Save it as CSV in UTF-8."
        )
    delimiter = max(_DELIMITERS, key=line.count)
    headers = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    columns = [_NAMES.get(_WORD.sub("_", header.strip().lower()).strip("_")) for header in headers]
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        wanted = " and ".join(f"{name} ({COLUMNS[name].replace(' ', ', ')})" for name in missing)
        raise CorpusUnreadable(
            reading.path,
            f"no column {wanted}; its columns are: {', '.join(headers)[:500] or 'none'}",
            fix="Name them so in the first line.",
        )
    return delimiter, columns


def _cells(row: list[str], columns: list[str | None]) -> dict[str, str]:
    if len(row) < len(columns) or any(cell.strip() for cell in row[len(columns) :]):
        raise Unusable(SkipReason.MALFORMED)
    cells: dict[str, str] = {}
    for column, cell in zip(columns, row, strict=False):
        if column and cell.strip():
            cells.setdefault(column, cell.strip())
    return cells


def _row(cells: dict[str, str], reading: Reading) -> Source:
    title, text, journal = cells.get("title", ""), cells.get("text", ""), cells.get("journal")
    if not title:
        raise Unusable(SkipReason.MISSING_TITLE)
    year, doi = read_year(cells.get("year", "")), read_doi(cells.get("doi", ""))
    pmid = cells.get("pmid", "").removesuffix(".0")
    pmid_or_none = pmid if pmid.isdecimal() else None
    types, mesh = _several(cells, "type"), _several(cells, "mesh")
    return Source(
        id=reading.source_id(
            cells.get("id") or own_id(pmid=pmid_or_none, doi=doi, described=(title, year, journal))
        ),
        kind=reading.kind,
        corpus=reading.corpus,
        title=title,
        text=text,
        year=year,
        grade=reading.grade(grade_article(types, mesh, title=title, text=text)),
        pmid=pmid_or_none,
        doi=doi,
        journal=journal,
        authors=_several(cells, "authors"),
        language=language_code(cells.get("language", "")),
        publication_types=types,
        mesh=mesh,
        specialties=specialties_of(title=title, mesh=mesh, journal=journal),
        retraction=_retraction(cells, title),
    )


def _several(cells: dict[str, str], column: str) -> tuple[str, ...]:
    return tuple(part for part in _PEOPLE.split(cells.get(column, "")) if part)


def _retraction(cells: dict[str, str], title: str) -> Retraction:
    is_said = cells.get("retracted", "").lower() in {"yes", "true", "1", "y", "retracted"}
    return Retraction.RETRACTED if is_said else retraction_by_title(title)
