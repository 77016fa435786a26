"""A TOML table being read: each field is taken once, with its rule, and none may be left over."""

import difflib
import math
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from clinical.inference.registry.errors import RegistryInvalid

LONGEST_TEXT = 2000
LONGEST_PARAGRAPH = 10_000


class Fields:
    """One table of a models file. Every fault is a `RegistryInvalid` that names file, entry and field."""

    def __init__(self, table: Mapping[str, object], *, file: Path, entry: str = "") -> None:
        self._table, self._file, self._entry = dict(table), file, entry
        self._known: list[str] = []

    def within(self, entry: str) -> "Fields":
        """Return the same fields under another entry's name, for messages."""
        fields = Fields(self._table, file=self._file, entry=entry)
        fields._known = self._known
        return fields

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text that is not empty, on one line. Raises: RegistryInvalid."""
        value = self._take(name, default)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(name, "must be a text in quotes that is not empty")
        if not value.isprintable() or len(value) > LONGEST_TEXT:
            raise self.fault(
                name, f"must be one line of at most {LONGEST_TEXT:,} characters, without control characters"
            )
        return value

    def paragraph(self, name: str) -> str:
        """Return a text that is not empty and may have several lines. Raises: RegistryInvalid."""
        value = self._take(name, None)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(name, "must be a text in quotes that is not empty")
        if not value.replace("\n", " ").isprintable() or len(value) > LONGEST_PARAGRAPH:
            raise self.fault(
                name,
                f"must have at most {LONGEST_PARAGRAPH:,} characters, and no control characters but line ends",
            )
        return value

    def matching(self, name: str, pattern: re.Pattern[str], rule: str) -> str:
        """Return a text that has the pattern. Raises: RegistryInvalid."""
        value = self.text(name)
        if pattern.fullmatch(value) is None:
            raise self.fault(name, f"{rule}, not {value[:80]!r}")
        return value

    def choice(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        """Return one of the choices. Raises: RegistryInvalid."""
        value = self.text(name, default)
        if value not in choices:
            raise self.fault(name, f"{value[:80]!r} is unknown; known are {', '.join(sorted(choices))}")
        return value

    def whole_number(self, name: str, *, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`. Raises: RegistryInvalid."""
        value = self._take(name, None)
        if type(value) is not int or not low <= value <= high:
            raise self.fault(name, f"must be a whole number from {low:,} to {high:,}")
        return value

    def factor(self, name: str, *, high: float, default: float) -> float:
        """Return a number above 0 and at most `high`. Raises: RegistryInvalid."""
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fault(name, "must be a number")
        if not math.isfinite(value) or not 0 < value <= high:
            raise self.fault(name, f"must be above 0 and at most {high:g}")
        return float(value)

    def tables(self, name: str) -> list["Fields"]:
        """Return the tables of `[[name]]`, none where it is absent. Raises: RegistryInvalid."""
        value = self._take(name, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.fault(name, f"must be written as [[{name}]] tables")
        return [Fields(each, file=self._file, entry=self._entry) for each in value]

    def texts(self, name: str, keys: Collection[str]) -> dict[str, str]:
        """Return the table `[name]` of texts under known keys, empty where it is absent. Raises: RegistryInvalid."""
        value = self._take(name, {})
        if not isinstance(value, dict):
            raise self.fault(name, f"must be a table of texts, [{name}]")
        inner = Fields(value, file=self._file, entry=", ".join(filter(None, [self._entry, f"table {name}"])))
        read = {key: inner.paragraph(key) for key in keys if key in value}
        inner._known += keys
        inner.finish()
        return read

    def finish(self) -> None:
        """Raise RegistryInvalid where a field was never asked for."""
        for name in self._table:
            if name not in self._known:
                near = difflib.get_close_matches(name, self._known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(self._known))}"
                raise self.fault(name[:80], f"is unknown; {hint}")

    def fault(self, name: str, fault: str) -> RegistryInvalid:
        """Return the error that says what is wrong with a field, and where."""
        return RegistryInvalid(self._file, fault, entry=self._entry, field=name)

    def _take(self, name: str, default: object) -> object:
        self._known.append(name)
        value = self._table.get(name, default)
        if value is None:
            raise self.fault(name, "is missing")
        return value
