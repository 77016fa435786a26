"""Response headers that keep answers out of caches and foreign content out of pages."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from audit.client import API, BROWSER, set_client

# Everything comes from this server; no inline script or style (CSP Level 3).
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)

# What programs ask for; everything else is a page.
PROGRAMS = ("/api/", "/fhir/", "/audit/log/", "/metrics", "/cds-services", "/.well-known/")


class PrivateResponsesMiddleware:
    """Tells the audit record what kind of client asks. Adds Cache-Control: no-store (ASVS 5.0, 14.3.2) and the content security policy to every response."""

    sync_capable = True
    async_capable = True

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
    ) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Say who asks, pass the request on, and mark what comes back."""
        set_client(API if request.path.startswith(PROGRAMS) else BROWSER)
        response = self.get_response(request)
        if isinstance(response, HttpResponseBase):
            return _marked(response)
        return _marked_later(response)


def _let_cookies_come(response: HttpResponseBase, *, is_framed: bool) -> None:
    """Let a launched session's cookie follow: a strict one reaches neither a frame nor the page after a launch."""
    cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie is not None and getattr(response, "is_launched", False):
        # None needs https; a cookie that is being deleted lacks the mark.
        cookie["samesite"] = "None" if is_framed and settings.SESSION_COOKIE_SECURE else "Lax"
        cookie["secure"] = settings.SESSION_COOKIE_SECURE


async def _marked_later(response: Awaitable[HttpResponseBase]) -> HttpResponseBase:
    return _marked(await response)


def _marked(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", "no-store")
    framed_by = getattr(response, "frame_origins", ())  # the EHR that launched the session
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY + (" ".join(framed_by) or "'none'")
    _let_cookies_come(response, is_framed=bool(framed_by))
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    return response
