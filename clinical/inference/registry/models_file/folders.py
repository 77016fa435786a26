"""Where model files lie, and how a models file writes their paths."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

CONTENT_PREFIX = "content:"
LONGEST_PATH = 1024


@dataclass(frozen=True, kw_only=True)
class Folders:
    """The folder of the packages that ship weights, and the hospital's own models folder. Both absolute."""

    content: Path
    models: Path

    def located(self, written: str) -> Path:
        """Return the absolute path for `below/the/models/folder.gguf` or `content:below/the/content/folder.gguf`.

        Raises: ValueError where the path leaves its folder.
        """
        below = written.removeprefix(CONTENT_PREFIX)
        path = PurePosixPath(below)
        if path.is_absolute() or ".." in path.parts or not path.name or len(below) > LONGEST_PATH:
            raise ValueError(
                f"must be a path below {self.models}, or `content:` and a path below {self.content}"
            )
        return (self.content if written.startswith(CONTENT_PREFIX) else self.models) / path

    def written(self, file: Path) -> str:
        """Return the path as a models file writes it. Raises: ValueError for a file in neither folder."""
        if file.is_relative_to(self.models):
            return file.relative_to(self.models).as_posix()
        if file.is_relative_to(self.content):
            return CONTENT_PREFIX + file.relative_to(self.content).as_posix()
        raise ValueError(f"{file} lies neither below {self.models} nor below {self.content}")
