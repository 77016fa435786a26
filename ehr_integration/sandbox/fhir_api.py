"""The FHIR API of the demo EHR: capability statement, read, search and batch, for what a token allows."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.capability import capability_statement
from ehr_integration.sandbox.outcome import FhirError, malformed, operation_outcome
from ehr_integration.sandbox.paging import Cursors, searchset
from ehr_integration.sandbox.parameters import PARAMETERS
from ehr_integration.sandbox.responses import FhirResponse
from ehr_integration.sandbox.search import Pairs, matches, parse_query
from ehr_integration.sandbox.smart.guard import Guard
from ehr_integration.sandbox.smart.memory import Token
from ehr_integration.sandbox.store import Store

ETAG = 'W/"1"'
LARGEST_BATCH = 100


class FhirApi:
    """The interactions, over one store, for what a token allows."""

    def __init__(self, store: Store, *, page_size: int, guard: Guard) -> None:
        self.store, self.page_size, self.guard, self.cursors = store, page_size, guard, Cursors()

    async def metadata(self, request: Request) -> FhirResponse:
        """Return the CapabilityStatement."""
        return FhirResponse(capability_statement(_base(request)))

    async def read(self, request: Request) -> Response:
        """One resource, with its version and date as headers."""
        resource = self.read_one(
            self.guard.token(request), request.path_params["type"], request.path_params["id"]
        )
        updated = datetime.fromisoformat(resource["meta"]["lastUpdated"]).astimezone(UTC)
        headers = {"ETag": ETAG, "Last-Modified": format_datetime(updated, usegmt=True)}
        if request.headers.get("If-None-Match") == ETAG:
            return Response(status_code=304, headers=headers)
        return FhirResponse(resource, headers=headers)

    async def search(self, request: Request) -> FhirResponse:
        """One page of a search."""
        resource_type = request.path_params["type"]
        token = self.guard.token(request)
        return FhirResponse(
            self.search_all(token, resource_type, request.query_params.multi_items(), _base(request))
        )

    async def batch(self, request: Request) -> FhirResponse:
        """Each GET of a batch Bundle, answered by itself. Source: FHIR R4, 3.1.0.11."""
        token = self.guard.token(request)
        try:
            bundle = json.loads(await request.body())
            urls = [
                str(entry["request"]["url"])
                for entry in bundle["entry"]
                if entry["request"]["method"] == "GET"
            ]
        except (ValueError, LookupError, TypeError):
            raise malformed("Send a Bundle of the type batch with GET requests.") from None
        if bundle.get("type") != "batch" or len(urls) != len(bundle["entry"]) or len(urls) > LARGEST_BATCH:
            raise malformed(f"Send a Bundle of the type batch with at most {LARGEST_BATCH} GET requests.")
        entries = [self._entry(token, url, _base(request)) for url in urls]
        return FhirResponse({"resourceType": "Bundle", "type": "batch-response", "entry": entries})

    def _entry(self, token: Token | None, url: str, base: str) -> Resource:
        try:
            found = self.get(token, url, base)
        except FhirError as error:
            outcome = operation_outcome(error.code, error.diagnostics)
            return {"response": {"status": str(error.status), "outcome": outcome}}
        return {"resource": found, "response": {"status": "200", "etag": ETAG}}

    def get(self, token: Token | None, url: str, base: str) -> Resource:
        """Return what a relative address names: a resource, or a page of a search. Raises: FhirError."""
        parts = urlsplit(url)
        kind, _, resource_id = parts.path.strip("/").partition("/")
        if resource_id:
            return self.read_one(token, kind, resource_id)
        return self.search_all(token, kind, parse_qsl(parts.query), base)

    def read_one(self, token: Token | None, resource_type: str, resource_id: str) -> Resource:
        """Return a resource that the token may read. Raises: FhirError."""
        resource = self.store.read(_known_type(resource_type), resource_id)
        if resource is None:
            raise FhirError(404, "not-found", "No resource of this type has this id: search for it.")
        self.guard.check_read(token, resource)
        return resource

    def search_all(self, token: Token | None, resource_type: str, given: Pairs, base: str) -> Resource:
        """Return a page of what the token may see, with a link to the next. Raises: FhirError."""
        pairs, start = self._page(_known_type(resource_type), given)
        query = parse_query(resource_type, pairs, page_size=self.page_size)
        found = self.guard.visible(token, resource_type, matches(self.store, query))
        return searchset(base=base, query=query, found=found, start=start, cursors=self.cursors)

    def _page(self, resource_type: str, pairs: Pairs) -> tuple[Pairs, int]:
        if "_page" not in dict(pairs):
            return pairs, 0
        if len(pairs) > 1:
            raise malformed("The _page cursor holds the whole search: follow the next link as it is.")
        return self.cursors.read(pairs[0][1], resource_type)


def _known_type(resource_type: str) -> str:
    if resource_type not in PARAMETERS:
        raise FhirError(404, "not-supported", f"Types served: {', '.join(PARAMETERS)}.")
    return resource_type


def _base(request: Request) -> str:
    return f"{request.base_url}fhir"
