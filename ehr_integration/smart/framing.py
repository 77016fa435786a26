"""Which pages may show ours in a frame: those of the EHR that launched this session, and no others.

Source: CSP Level 3, frame-ancestors; SameSite cookies (RFC 6265bis) are not sent into another site's frame unless None.
"""

from collections.abc import Sequence
from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from ehr_integration.connections.store import connection_named
from ehr_integration.errors import EhrError
from ehr_integration.smart.sessions import launch_of

Response = TypeVar("Response", bound=HttpResponseBase)


class LaunchedFramesMiddleware(MiddlewareMixin):
    """Lets the EHR that launched a session frame its pages. config.middleware writes the headers."""

    def process_request(self, request: HttpRequest) -> None:
        """Look before the view, which may end the session."""
        request.frame_origins = _origins(request)  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: Response) -> Response:
        """Return the response, marked for the EHR of the session."""
        return let_frame(response, getattr(request, "frame_origins", ()))


def let_frame(response: Response, origins: Sequence[str]) -> Response:
    """Return the response, marked for the origins that may frame it."""
    if origins:
        response.frame_origins = tuple(origins)  # type: ignore[attr-defined]
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
    return response


def _origins(request: HttpRequest) -> tuple[str, ...]:
    launch = launch_of(request)
    if launch is None:
        return ()
    try:
        return connection_named(launch.connection).frame_origins
    except EhrError:
        return ()
