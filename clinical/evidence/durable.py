"""Small files of state beside the index."""

import json
import os
from datetime import date
from pathlib import Path


def write_whole(path: Path, document: dict[str, object]) -> None:
    """Write the JSON object, days as ISO dates, so that a crash leaves the old file or the new, never half.

    Raises: OSError.
    """
    draft = path.with_name(f"{path.name}.new")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(document, file, indent=2, default=date.isoformat)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
