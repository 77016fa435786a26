"""An answer as a file that the browser saves by itself: it lies in the link, and nowhere on the server."""

import base64
import json
from typing import Any

from django import template

register = template.Library()


@register.filter
def as_file(document: dict[str, Any]) -> str:
    """Return the document, indented JSON in UTF-8, as a data address (RFC 2397)."""
    content = json.dumps(document, ensure_ascii=False, indent=2).encode()
    return f"data:application/json;base64,{base64.b64encode(content).decode()}"
