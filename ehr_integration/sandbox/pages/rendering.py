"""HTML from templates, with headers that keep foreign content out; the launched app may be framed, and nothing else."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.pages.sessions import Sessions
from ehr_integration.sandbox.practitioners import NAMES
from ehr_integration.sandbox.smart.clients import Client
from ehr_integration.sandbox.store import Store

HERE = Path(__file__).parent


class Pages:
    """Shows the demo EHR's pages."""

    def __init__(self, store: Store, clients: Mapping[str, Client], sessions: Sessions) -> None:
        self._store, self._sessions = store, sessions
        self._templates = Jinja2Templates(HERE / "templates")
        addresses = [
            url for client in clients.values() for url in (client.launch_url, *client.redirect_uris) if url
        ]
        origins = sorted({_origin(url) for url in addresses})
        self._policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
            f"form-action 'self' {' '.join(origins)}; base-uri 'none'; frame-ancestors 'none'; "
            f"frame-src 'self' {' '.join(origins)}"
        )

    def show(self, request: Request, template: str, *, status: int = 200, **context: object) -> Response:
        """Return a page."""
        shared = {"session": self._sessions.of(request), "patients": self.patients()}
        response = self._templates.TemplateResponse(
            request, template, {**shared, **context}, status_code=status
        )
        response.headers["Content-Security-Policy"] = self._policy
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def sign_in(self, request: Request, *, back_to: str) -> Response:
        """Return the page on which one becomes one of the doctors."""
        return self.show(request, "sign_in.html", doctors=NAMES, back_to=back_to)

    def patients(self) -> list[Resource]:
        """Return the patients by name."""
        return sorted(self._store.all("Patient"), key=lambda patient: str(patient["name"][0]["text"]))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
