"""Pages of a search: a searchset Bundle whose next link holds a cursor that only this process can write."""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlencode

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.outcome import malformed
from ehr_integration.sandbox.search import Pairs, Query

_TAG_BYTES = 16


class Cursors:
    """Writes and reads cursors: the search and where its next page starts, under a key of this process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def write(self, query: Query, start: int) -> str:
        """Return the cursor of the page that starts at a position."""
        body = json.dumps([query.resource_type, query.pairs, start]).encode()
        return urlsafe_b64encode(self._tag(body) + body).decode().rstrip("=")

    def read(self, cursor: str, resource_type: str) -> tuple[Pairs, int]:
        """Return the search's pairs and the page's start. Raises: FhirError for any other text."""
        try:
            raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise _unknown_cursor() from None
        tag, body = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(body)):
            raise _unknown_cursor()
        searched_type, pairs, start = json.loads(body)
        if searched_type != resource_type:
            raise _unknown_cursor()
        return [(name, value) for name, value in pairs], start

    def _tag(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_TAG_BYTES]


def _unknown_cursor() -> Exception:
    return malformed("The _page cursor is not one of this server, or the server was restarted: search again.")


def searchset(*, base: str, query: Query, found: list[Resource], start: int, cursors: Cursors) -> Resource:
    """Return the Bundle of one page; `total` counts all pages, and `_count=0` asks for it alone."""
    end = start + query.count
    here = urlencode({"_page": cursors.write(query, start)}) if start else urlencode(query.pairs)
    links = [_link(base, query, "self", here)]
    if query.count and end < len(found):
        links.append(_link(base, query, "next", urlencode({"_page": cursors.write(query, end)})))
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": links,
        "entry": [_entry(base, resource) for resource in found[start:end]],
    }


def _link(base: str, query: Query, relation: str, parameters: str) -> Resource:
    return {
        "relation": relation,
        "url": f"{base}/{query.resource_type}" + (f"?{parameters}" if parameters else ""),
    }


def _entry(base: str, resource: Resource) -> Resource:
    return {
        "fullUrl": f"{base}/{resource['resourceType']}/{resource['id']}",
        "resource": resource,
        "search": {"mode": "match"},
    }
