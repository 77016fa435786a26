"""What can go wrong with specialties.

SpecialtyError
├── SpecialtyInvalid   a file of a specialty cannot be used: which file, key, and what to write instead
└── SpecialtyUnknown   no specialty has the name that was given
"""

from collections.abc import Iterable
from pathlib import Path

from clinical.errors import ClinicalError


class SpecialtyError(ClinicalError):
    """A specialty cannot be read or found."""


class SpecialtyInvalid(SpecialtyError):
    """A file of a specialty cannot be used; `key` is empty where the fault is the file's."""

    def __init__(self, file: Path, fault: str, *, key: str = "") -> None:
        super().__init__(f"{file}{f', key {key}' if key else ''}: {fault}")
        self.file, self.key = file, key


class SpecialtyUnknown(SpecialtyError):
    """There is no such specialty. The name that was given is not repeated: it is free text."""

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__(f"There is no specialty of that name. There are: {', '.join(known)}.")
