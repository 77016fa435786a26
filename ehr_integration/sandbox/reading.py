"""What a request to the demo EHR holds: its own address, a form, a JSON object."""

import json
from urllib.parse import parse_qsl

from starlette.requests import Request

from ehr_integration.sandbox.smart.errors import OAuthError

LARGEST_FORM = 64 * 1024


def origin_of(request: Request) -> str:
    """Return the address under which this server was called."""
    return str(request.base_url).rstrip("/")


async def form_of(request: Request) -> dict[str, str]:
    """Return a form's fields. Raises: OAuthError, where one stands twice or the body is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise OAuthError("invalid_request", "The form is too large.", status=413)
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    if len(dict(pairs)) != len(pairs):
        raise OAuthError("invalid_request", "A parameter stands twice.")
    return dict(pairs)


async def json_of(request: Request) -> dict[str, object]:
    """Return a JSON object that was sent; an empty one for anything else."""
    try:
        found = json.loads(await request.body())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
