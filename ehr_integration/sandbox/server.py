"""The demo EHR: its FHIR API, its authorization server and its pages in one application."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ehr_integration.sandbox.authorization import AuthorizationServer
from ehr_integration.sandbox.cds.client import CdsClient
from ehr_integration.sandbox.fhir_api import FhirApi
from ehr_integration.sandbox.middleware import OnlyJson, SlowAnswer
from ehr_integration.sandbox.pages.rendering import HERE, Pages
from ehr_integration.sandbox.pages.sessions import Sessions
from ehr_integration.sandbox.pages.views import EhrPages
from ehr_integration.sandbox.responses import EXCEPTION_HANDLERS
from ehr_integration.sandbox.smart.clients import Client, known_clients
from ehr_integration.sandbox.smart.guard import Guard
from ehr_integration.sandbox.smart.memory import Memory
from ehr_integration.sandbox.smart.signing import EhrKey
from ehr_integration.sandbox.store import Store

APP_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the demo EHR behaves; `is_protected` refuses every FHIR request without a token."""

    page_size: int = 20
    delay_seconds: float = 0.0
    app_url: str = APP_URL
    is_protected: bool = False
    clients: Mapping[str, Client] = field(default_factory=lambda: known_clients(APP_URL, None))


def create_app(store: Store, options: Options | None = None) -> Starlette:
    """Return the ASGI application that serves a store under /fhir, and the EHR's pages at /."""
    options = options or Options()
    memory, key, sessions = Memory(), EhrKey(), Sessions()
    api = FhirApi(store, page_size=options.page_size, guard=Guard(memory, is_protected=options.is_protected))
    pages = Pages(store, options.clients, sessions)
    server = AuthorizationServer(
        clients=options.clients, memory=memory, key=key, sessions=sessions, pages=pages
    )
    cds = CdsClient(api, memory=memory, key=key, app_url=options.app_url)
    ehr = EhrPages(
        store=store, pages=pages, sessions=sessions, memory=memory, clients=options.clients, cds=cds
    )
    origins = [client.origin for client in options.clients.values() if client.origin]
    return Starlette(
        routes=[
            *server.routes(),
            Route("/fhir/metadata", api.metadata),
            Route("/fhir", api.batch, methods=["POST"]),
            Route("/fhir/{type}", api.search),
            Route("/fhir/{type}/{id}", api.read),
            *ehr.routes(),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[
            Middleware(SlowAnswer, seconds=options.delay_seconds),
            # An app in a browser calls from its own origin. Source: SMART App Launch 2.2.0, "CORS".
            Middleware(
                CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=["*"]
            ),
            Middleware(OnlyJson),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
    )
