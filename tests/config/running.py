"""Commands as their users run them, in this process."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command


def run(command: str, *arguments: str | Path) -> str:
    """Return what the command writes on standard output."""
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def run_json(command: str, *arguments: str | Path, code: int = 0) -> dict[str, Any]:
    """Return the object on standard output, which holds nothing else, of a command that ends with this exit code."""
    out = io.StringIO()
    try:
        call_command(command, *map(str, arguments), "--json", stdout=out, stderr=io.StringIO())
        found: int | str | None = 0
    except SystemExit as stop:
        found = stop.code
    assert found == code
    document = json.loads(out.getvalue())
    assert isinstance(document, dict)
    return document
