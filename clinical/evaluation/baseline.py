"""A baseline file: the figures of the last release, each with its tolerance, as TOML that a person may edit."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from clinical.evaluation.errors import BaselineInvalid
from clinical.evaluation.gate import Floor, Measured, figure_in

HEADER = """\
# Figures of the last release, by suite (or the name that was given to a measurement). `manage.py evaluate gate` fails
# where one is worse than `value` by more than `tolerance`; `--update` writes the values anew and keeps the tolerances.
# Remove what should not hold a release up; `better = "lower"` marks figures that should be small.
"""
DEFAULT_TOLERANCE = 0.01
LOWER = "lower"
NO_SHARES = ("_ms", "seconds", "cost")
KEYS = {"value", "tolerance", "better"}


def read_baseline(file: Path) -> list[Floor]:
    """Return the floors in the file's order. Raises: BaselineInvalid."""
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError:
        raise BaselineInvalid(file, "it cannot be read: it is missing, or its mode forbids it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BaselineInvalid(file, f"no TOML ({error})") from None
    return list(_floors(file, document))


def updated(floors: Iterable[Floor], measured: Measured) -> list[Floor]:
    """Return the floors with what was measured; a label that is new brings all its shares.

    A floor whose figure was not measured stays as it is.
    """
    known = [_with_value(floor, measured.get(floor.label, {})) for floor in floors]
    labels = {floor.label for floor in known}
    new = [
        Floor(label=label, figure=name, value=value, tolerance=DEFAULT_TOLERANCE)
        for label, figures in measured.items()
        if label not in labels
        for name, value in figures.items()
        if _is_share(name, value)
    ]
    return sorted([*known, *new], key=lambda floor: floor.label)


def baseline_text(floors: Iterable[Floor]) -> str:
    """Return the floors as a baseline file."""
    tables = [
        "".join([f"\n[{_key(label)}]\n", *map(_line, own)])
        for label, own in groupby(floors, lambda floor: floor.label)
    ]
    return HEADER + "".join(tables)


def _floors(file: Path, document: Mapping[str, Any]) -> Iterator[Floor]:
    for label, figures in document.items():
        if not isinstance(figures, Mapping):
            raise BaselineInvalid(file, f"{label} is no table of figures")
        for name, entry in figures.items():
            yield _floor(file, label, name, entry)


def _floor(file: Path, label: str, name: str, entry: object) -> Floor:
    where = f"{label}, {name}"
    if not isinstance(entry, Mapping) or not entry.keys() <= KEYS:
        raise BaselineInvalid(file, f"{where}: it is no table of value, tolerance and better")
    value, tolerance = figure_in(entry, "value"), figure_in(entry, "tolerance")
    if value is None or tolerance is None or not tolerance >= 0:
        raise BaselineInvalid(
            file, f"{where}: value and tolerance are not numbers, or the tolerance is negative"
        )
    if entry.get("better", LOWER) != LOWER:
        raise BaselineInvalid(file, f'{where}: the only word for better is "{LOWER}"')
    return Floor(
        label=label, figure=name, value=value, tolerance=tolerance, lower_is_better="better" in entry
    )


def _with_value(floor: Floor, figures: Mapping[str, Any]) -> Floor:
    value = figure_in(figures, floor.figure)
    return floor if value is None else Floor(**{**vars(floor), "value": value})


def _is_share(name: str, value: object) -> bool:
    return isinstance(value, float) and 0 <= value <= 1 and not name.endswith(NO_SHARES)


def _line(floor: Floor) -> str:
    better = f', better = "{LOWER}"' if floor.lower_is_better else ""
    return f"{_key(floor.figure)} = {{ value = {floor.value:g}, tolerance = {floor.tolerance:g}{better} }}\n"


def _key(name: str) -> str:
    """Return the name as a TOML key."""
    is_bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if is_bare else json.dumps(name)
