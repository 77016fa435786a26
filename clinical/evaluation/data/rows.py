"""Rows of a data set as they lie in a file: JSON Lines or CSV, plain or gzip, read as a stream."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from clinical.evaluation.data.lines import numbered_lines
from clinical.evaluation.errors import DataInvalid


@dataclass(frozen=True)
class Row:
    """One row: `where` is its file and line, for messages."""

    where: str
    fields: Mapping[str, object]

    def find(self, *names: str) -> object | None:
        """Return the value under the first of the names that the row has; None where it has none."""
        return next((self.fields[name] for name in names if self.fields.get(name) is not None), None)

    def text(self, *names: str) -> str:
        """Return the text (or number, as text) under one of the names. Raises: DataInvalid."""
        value = self.find(*names)
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
            raise DataInvalid(self.where, f"{' or '.join(names)} is missing or no text")
        return str(value)

    def optional_text(self, *names: str) -> str:
        """Return the text under one of the names; empty where there is none. Raises: DataInvalid."""
        return "" if self.find(*names) in (None, "") else self.text(*names)

    def texts(self, *names: str) -> tuple[str, ...]:
        """Return the list of texts (or numbers, as texts) under one of the names. Raises: DataInvalid."""
        value = self.find(*names)
        if not isinstance(value, list) or not all(
            isinstance(each, str | int) and not isinstance(each, bool) for each in value
        ):
            raise DataInvalid(self.where, f"{' or '.join(names)} is missing or no list of texts")
        return tuple(str(each) for each in value)


def read_rows(path: Path, *, wanted: str) -> Iterator[Row]:
    """Yield the rows of a JSON Lines file, or of a CSV file by its name.

    `wanted` says what the file should be, for the message where it is missing.
    Raises: DataMissing, DataUnreadable, DataInvalid.
    """
    lines = numbered_lines(path, wanted=wanted)
    if path.name.removesuffix(".gz").endswith(".csv"):
        yield from _csv_rows(path, (line for _, line in lines))
        return
    for number, line in lines:
        yield json_row(line, f"{path}, line {number}")


def json_row(text: str, where: str) -> Row:
    """Return the JSON object as a row. Raises: DataInvalid."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise DataInvalid(where, "no JSON") from None
    if not isinstance(value, dict):
        raise DataInvalid(where, "no JSON object")
    return Row(where, value)


def _csv_rows(path: Path, lines: Iterable[str]) -> Iterator[Row]:
    reader = csv.DictReader(lines, strict=True)
    try:
        for fields in reader:
            yield Row(f"{path}, line {reader.line_num}", {name: fields[name] for name in fields if name})
    except csv.Error as error:
        raise DataInvalid(f"{path}, line {reader.line_num}", f"no CSV ({error})") from None
