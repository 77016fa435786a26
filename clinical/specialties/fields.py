"""A table of specialty.toml being read: each key has its rule, and none may be left over."""

import difflib
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from clinical.specialties.errors import SpecialtyInvalid


class Fields:
    """One table. Every fault is a `SpecialtyInvalid` that names file and key, and says what to write."""

    def __init__(self, table: Mapping[str, object], *, file: Path, within: str = "") -> None:
        self._table, self._file, self._within = table, file, within
        self._known: list[str] = []

    def text(self, key: str, pattern: re.Pattern[str], rule: str, *, default: str | None = None) -> str:
        """Return a text that has the pattern. Raises: SpecialtyInvalid."""
        value = self._take(key, default)
        if not isinstance(value, str) or (value != default and pattern.fullmatch(value) is None):
            raise self._fault(key, f"write {rule}, in quotes")
        return value

    def texts(self, key: str, pattern: re.Pattern[str], rule: str) -> tuple[str, ...]:
        """Return a list of texts that have the pattern, empty where it is absent. Raises: SpecialtyInvalid."""
        value = self._take(key, [])
        if not isinstance(value, list):
            raise self._fault(key, f"write a list of {rule}: [...]")
        for place, each in enumerate(value, start=1):
            if not isinstance(each, str) or pattern.fullmatch(each) is None:
                raise self._fault(key, f"entry {place} must be {rule}, in quotes")
        if len(set(value)) < len(value):
            twice = next(each for each in value if value.count(each) > 1)
            raise self._fault(key, f"{twice!r} is there twice: leave one out")
        return tuple(value)

    def choices(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        """Return a list of known names. Raises: SpecialtyInvalid."""
        values = self.texts(key, re.compile(r".{1,80}"), "names")
        for value in values:
            if value not in known:
                raise self._fault(key, f"{value!r} is unknown; known are {', '.join(known)}")
        return values

    def positive(self, key: str) -> float | None:
        """Return a number above 0; None where it is absent. Raises: SpecialtyInvalid."""
        self._known.append(key)
        value = self._table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
            raise self._fault(key, "write a number above 0, without quotes")
        return float(value)

    def switch(self, key: str) -> bool:
        """Return true or false; false where it is absent. Raises: SpecialtyInvalid."""
        value = self._take(key, False)  # noqa: FBT003 - a default
        if not isinstance(value, bool):
            raise self._fault(key, "write true or false, without quotes")
        return value

    def table(self, key: str) -> "Fields":
        """Return the table `[key]`, empty where it is absent. Raises: SpecialtyInvalid."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self._fault(key, f"write a table, [{key}]")
        return Fields(value, file=self._file, within=key)

    def finish(self) -> None:
        """Raise SpecialtyInvalid where a key was never asked for."""
        for key in self._table:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(self._known)}"
                raise self._fault(key[:80], f"is unknown; {hint}")

    def _take(self, key: str, default: object) -> object:
        self._known.append(key)
        value = self._table.get(key, default)
        if value is None:
            raise self._fault(key, "is missing: add it")
        return value

    def _fault(self, key: str, fault: str) -> SpecialtyInvalid:
        return SpecialtyInvalid(self._file, fault, key=f"{self._within}.{key}" if self._within else key)
