"""The FHIR API of the demo EHR: capability statement, read and search."""

from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Route

from ehr_integration.sandbox.capability import capability_statement
from ehr_integration.sandbox.middleware import OnlyJson, SlowAnswer
from ehr_integration.sandbox.outcome import FhirError, malformed
from ehr_integration.sandbox.paging import Cursors, searchset
from ehr_integration.sandbox.parameters import PARAMETERS
from ehr_integration.sandbox.responses import EXCEPTION_HANDLERS, FhirResponse
from ehr_integration.sandbox.search import Pairs, matches, parse_query
from ehr_integration.sandbox.store import Store


class FhirApi:
    """The three interactions, over one store."""

    def __init__(self, store: Store, *, page_size: int) -> None:
        self.store, self.page_size, self.cursors = store, page_size, Cursors()

    async def metadata(self, request: Request) -> FhirResponse:
        """Return the CapabilityStatement."""
        return FhirResponse(capability_statement(_base(request)))

    async def read(self, request: Request) -> FhirResponse:
        """One resource, with its version and date as headers."""
        resource = self.store.read(_known_type(request), request.path_params["id"])
        if resource is None:
            raise FhirError(404, "not-found", "No resource of this type has this id: search for it.")
        updated = datetime.fromisoformat(resource["meta"]["lastUpdated"]).astimezone(UTC)
        headers = {"ETag": 'W/"1"', "Last-Modified": format_datetime(updated, usegmt=True)}
        return FhirResponse(resource, headers=headers)

    async def search(self, request: Request) -> FhirResponse:
        """One page of a search."""
        resource_type = _known_type(request)
        pairs, start = self._page(resource_type, request.query_params.multi_items())
        query = parse_query(resource_type, pairs, page_size=self.page_size)
        found = matches(self.store, query)
        bundle = searchset(base=_base(request), query=query, found=found, start=start, cursors=self.cursors)
        return FhirResponse(bundle)

    def _page(self, resource_type: str, pairs: Pairs) -> tuple[Pairs, int]:
        if "_page" not in dict(pairs):
            return pairs, 0
        if len(pairs) > 1:
            raise malformed("The _page cursor holds the whole search: follow the next link as it is.")
        return self.cursors.read(pairs[0][1], resource_type)


def _known_type(request: Request) -> str:
    resource_type = str(request.path_params["type"])
    if resource_type not in PARAMETERS:
        raise FhirError(404, "not-supported", f"Types served: {', '.join(PARAMETERS)}.")
    return resource_type


def _base(request: Request) -> str:
    return f"{request.base_url}fhir"


def create_app(store: Store, *, page_size: int = 20, delay_seconds: float = 0.0) -> Starlette:
    """Return the ASGI application that serves a store under /fhir."""
    api = FhirApi(store, page_size=page_size)
    return Starlette(
        routes=[
            Route("/fhir/metadata", api.metadata),
            Route("/fhir/{type}", api.search),
            Route("/fhir/{type}/{id}", api.read),
        ],
        middleware=[Middleware(SlowAnswer, seconds=delay_seconds), Middleware(OnlyJson)],
        exception_handlers=EXCEPTION_HANDLERS,
    )
