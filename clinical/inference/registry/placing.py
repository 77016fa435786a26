"""Weights come into the models folder: they lie there already, are copied, or are linked; undone where a step fails."""

import os
import shutil
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from clinical.inference.registry.errors import ModelFileMissing, NoRoom, RegistrationIncomplete
from clinical.inference.registry.hashing import PIECE_BYTES


class Placement(StrEnum):
    """How a file comes into the models folder."""

    STAY = "stay"
    COPY = "copy"
    # A second name for the same bytes on the same disk: no space, but whoever edits the other name edits this one.
    LINK = "link"


class Placing:
    """Files on their way into the models folder. Leaving the `with` block without `keep` removes what was placed."""

    def __init__(self, models_folder: Path, placement: Placement) -> None:
        self._folder, self._placement = models_folder, placement
        self._placed: list[Path] = []

    def found(self, file: Path) -> Path:
        """Return the absolute path of a file named from here or from the models folder. Raises: ModelFileMissing."""
        for candidate in (file, self._folder / file):
            if candidate.is_file():
                # The folder's links are followed and the file's own is not: a link in the folder lies in the folder.
                return candidate.parent.resolve() / candidate.name
        raise ModelFileMissing(f"There is no file {file}, neither here nor in {self._folder}. Check the path")

    def target(self, file: Path) -> Path:
        """Return where the file will lie. Raises: RegistrationIncomplete, ModelFileMissing."""
        source = self.found(file)
        if source.is_relative_to(self._folder):
            return source
        if self._placement is Placement.STAY:
            raise RegistrationIncomplete(
                f"{source} lies outside of the models folder {self._folder}. Add --copy (or --link on the same disk), "
                "or move it there yourself"
            )
        target = self._folder / source.name
        if target.exists():
            raise RegistrationIncomplete(f"{target} exists already. Register that one, or rename {source}")
        return target

    def costs_a_copy(self, file: Path) -> bool:
        """Whether `place` reads the whole file."""
        return self._placement is Placement.COPY and self.found(file) != self.target(file)

    def place(self, file: Path, *, on_bytes: Callable[[int], None]) -> Path:
        """Bring the file to its target and return that; `on_bytes` hears what was copied. Raises: NoRoom, OSError."""
        source, target = self.found(file), self.target(file)
        if source == target:
            return target
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._placement is Placement.LINK:
            target.hardlink_to(source.resolve())
        else:
            self._copy(source, target, on_bytes)
        self._placed.append(target)
        return target

    def keep(self) -> None:
        """Let what was placed stay."""
        self._placed.clear()

    def __enter__(self) -> "Placing":
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was placed and not kept."""
        for file in self._placed:
            file.unlink(missing_ok=True)

    def _copy(self, source: Path, target: Path, on_bytes: Callable[[int], None]) -> None:
        needed, free = source.stat().st_size, shutil.disk_usage(self._folder).free
        if needed > free:
            raise NoRoom(
                f"{source} needs {needed:,} bytes and {self._folder} has {free:,}. Free some, or use --link"
            )
        descriptor, name = tempfile.mkstemp(prefix=".copy-", dir=self._folder)
        try:
            with source.open("rb") as original, os.fdopen(descriptor, "wb") as copy:
                while piece := original.read(PIECE_BYTES):
                    copy.write(piece)
                    on_bytes(len(piece))
                copy.flush()
                os.fsync(copy.fileno())
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
