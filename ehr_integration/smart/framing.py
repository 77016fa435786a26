"""Which pages may show ours in a frame: those of the EHR that launched this session, and no others.

Source: CSP Level 3, frame-ancestors; RFC 6265bis (SameSite): a cookie reaches another site's frame only with None, and a
page that another site's page leads to only with None or Lax.
"""

from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from ehr_integration.connections.domain import Connection
from ehr_integration.connections.store import connection_named
from ehr_integration.errors import EhrError
from ehr_integration.smart.sessions import ehr_of

Response = TypeVar("Response", bound=HttpResponseBase)


class LaunchedFramesMiddleware(MiddlewareMixin):
    """Lets the EHR that launched a session frame its pages. config.middleware writes the headers."""

    def process_request(self, request: HttpRequest) -> None:
        """Look before the view, which may end the session."""
        if connection := _launched_by(request):
            frame_for(request, connection)

    def process_response(self, request: HttpRequest, response: Response) -> Response:
        """Return the response, marked for the EHR of the session; not where someone signed in with a password."""
        connection: Connection | None = getattr(request, "framed_for", None)
        if connection is None or (request.user.is_authenticated and not ehr_of(request)):
            return response
        response.is_launched = True  # type: ignore[attr-defined]
        response.frame_origins = connection.frame_origins  # type: ignore[attr-defined]
        response.xframe_options_exempt = bool(connection.frame_origins)  # type: ignore[attr-defined]
        return response


def frame_for(request: HttpRequest, connection: Connection) -> None:
    """Let the EHR frame what answers this request, be it a page of a session or a refusal."""
    request.framed_for = connection  # type: ignore[attr-defined]


def _launched_by(request: HttpRequest) -> Connection | None:
    name = ehr_of(request)
    try:
        return connection_named(name) if name else None
    except EhrError:
        return None
