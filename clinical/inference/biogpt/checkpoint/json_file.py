"""A JSON object from a checkpoint folder."""

import json
from pathlib import Path
from typing import Any

from clinical.inference.biogpt.errors import CheckpointDamaged, CheckpointFileMissing


def read_json_object(file: Path) -> dict[str, Any]:
    """Return the object that the file holds. Raises: CheckpointFileMissing, CheckpointDamaged."""
    try:
        document = json.loads(read_text(file))
    except (ValueError, RecursionError) as error:
        raise CheckpointDamaged(f"{file.name} is not JSON: download it again") from error
    if not isinstance(document, dict):
        raise CheckpointDamaged(f"{file.name} does not hold a JSON object: download it again")
    return document


def read_text(file: Path) -> str:
    """Return the file's text. Raises: CheckpointFileMissing, CheckpointDamaged."""
    if not file.is_file():
        raise CheckpointFileMissing(
            f"{file} is missing: CHECKPOINT is the folder of a BioGPT checkpoint in Hugging Face's layout"
        )
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CheckpointDamaged(f"{file.name} is not UTF-8: download it again") from error
