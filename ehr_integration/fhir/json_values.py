"""JSON of others, read leniently: what is not of the kind asked for is as if it were not there."""

import json
from typing import Any


def json_object(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object that a body holds; None where it holds anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def object_in(value: object) -> dict[str, Any]:
    """Return a JSON object, empty where it is none."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[dict[str, Any]]:
    """Return the JSON objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """Return a string as it is, empty where it is none."""
    return value if isinstance(value, str) else ""


def texts(value: object) -> list[str]:
    """Return the strings of a list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of a decoder's pairs (`object_pairs_hook`). Raises: ValueError, where a name stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found
