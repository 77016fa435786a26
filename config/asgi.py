"""The ASGI application that the web server runs."""

import json
import os
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

LENGTH_REQUIRED, CONTENT_TOO_LARGE = 411, 413
LARGEST_FORM = 1024 * 1024
# CDS clients send parts of the record along.
PREFETCHED = "/cds-services/"


class BoundedBodies:
    """Refuses a body that Django would spool to disk: what a request holds stays in memory, or outside."""

    def __init__(
        self, application: Callable[[Scope, Receive, Send], Awaitable[None]], largest_bytes: int
    ) -> None:
        self._application = application
        self._largest_bytes = largest_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413 (too large) or 411 (of unknown length)."""
        headers = dict(scope.get("headers", ()))
        if b"transfer-encoding" in headers:
            await _refuse(send, LENGTH_REQUIRED, "length-required", "Send the body with a Content-Length.")
        elif int(headers.get(b"content-length", b"0")) > self._largest(scope.get("path", "")):
            detail = "A question has at most 2,000 characters. Shorten the text."
            await _refuse(send, CONTENT_TOO_LARGE, "too-large", detail)
        else:
            await self._application(scope, receive, send)

    def _largest(self, path: str) -> int:
        return self._largest_bytes if path.startswith(PREFETCHED) else LARGEST_FORM


async def _refuse(send: Send, status: int, code: str, detail: str) -> None:
    title = HTTPStatus(status).phrase
    problem = {"type": f"urn:tacit:problem:{code}", "title": title, "status": status, "detail": detail}
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})


application = BoundedBodies(get_asgi_application(), settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
