"""What the training scripts share: lines of progress, and the encoder that they begin with."""

import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

Report = Callable[[str], None]


def reporter() -> Report:
    """Return what writes a line of progress to standard error, with the seconds since now."""
    started = time.monotonic()

    def report(line: str) -> None:
        sys.stderr.write(f"{time.monotonic() - started:6.0f} s  {line}\n")
        sys.stderr.flush()

    return report


def unpacked(encoder: Path, folder: Path) -> Path:
    """Return the encoder's folder; a zip file is unpacked into the folder given."""
    if encoder.is_dir():
        return encoder
    with zipfile.ZipFile(encoder) as archive:
        archive.extractall(folder)
    return folder
