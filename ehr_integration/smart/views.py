"""The doors that an EHR knows: launch, return, and our public keys."""

from collections.abc import Callable
from functools import wraps
from typing import Literal

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from audit.errors import AuditUnavailable
from compliance.errors import ComplianceError
from compliance.sealing import seal_text, unseal_text
from ehr_integration.connections.domain import Connection
from ehr_integration.connections.errors import UnknownEhr
from ehr_integration.connections.store import connection_named, connection_of_issuer
from ehr_integration.errors import EhrError
from ehr_integration.smart.domain import Pending
from ehr_integration.smart.errors import LaunchRefused
from ehr_integration.smart.framing import frame_for
from ehr_integration.smart.keys import public_key_set
from ehr_integration.smart.launching import SECONDS_TO_RETURN, begin, finish
from ehr_integration.smart.sessions import open_session

COOKIE, COOKIE_PATH = "tacit_launch", "/smart/"
PURPOSE = b"tacit-smart-pending-v1"
SECONDS_PUBLIC_KEYS_MAY_BE_KEPT = 300
LONGEST_LAUNCH = 4_000
NOT_RECORDED = "The sign-in could not be recorded, so it did not happen: tell the administrator of Tacit"

View = Callable[..., HttpResponseBase]


def _refusals_told(view: View) -> View:
    """Return the view, with every refusal as a page that says what to do and quotes nothing of the address."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (EhrError, ComplianceError, AuditUnavailable) as error:
            page = render(request, "smart/refused.html", {"reason": _reason(error)}, status=_status(error))
            return _forgotten(page)

    return guarded


def _reason(error: Exception) -> str:
    return NOT_RECORDED if isinstance(error, AuditUnavailable) else str(error)


def _status(error: Exception) -> int:
    if isinstance(error, (LaunchRefused, UnknownEhr)):
        return 400
    if isinstance(error, AuditUnavailable):
        return 503  # above 500 no session is saved
    return 403 if isinstance(error, ComplianceError) else 502


@login_not_required
@require_safe
@_refusals_told
def launch(request: HttpRequest) -> HttpResponse:
    """Begin an EHR launch: only for an `iss` that is registered, since our client's proof would go there."""
    token = request.GET.get("launch", "")
    if not token or len(token) > LONGEST_LAUNCH:
        raise LaunchRefused(
            "no-launch", "The address lacks the EHR's launch parameter: open Tacit from the EHR"
        )
    return _sent(request, connection_of_issuer(request.GET.get("iss", "")), launch=token)


@login_not_required
@require_safe
@_refusals_told
def start(request: HttpRequest, name: str) -> HttpResponse:
    """Begin a standalone launch with a registered EHR."""
    connection = connection_named(name)
    if not connection.client_id:
        raise UnknownEhr(
            "This EHR is registered without a client for launches: `manage.py ehr register` adds it"
        )
    return _sent(request, connection)


@login_not_required
@require_safe
@_refusals_told
def callback(request: HttpRequest) -> HttpResponse:
    """End a launch: the browser is back from the EHR."""
    pending = _pending(request)
    connection = connection_named(pending.connection)
    frame_for(request, connection)
    open_session(request, finish(connection, pending, request.GET.dict()))
    return _forgotten(redirect("ask"))


@login_not_required
@require_safe
def key_set(request: HttpRequest) -> JsonResponse:
    """Return our public keys (RFC 7517); they may be kept for some minutes."""
    response = JsonResponse(public_key_set())
    response.headers["Cache-Control"] = f"public, max-age={SECONDS_PUBLIC_KEYS_MAY_BE_KEPT}"
    return response


def _sent(request: HttpRequest, connection: Connection, *, launch: str = "") -> HttpResponse:
    frame_for(request, connection)
    address, pending = begin(connection, launch=launch)
    response = HttpResponseRedirect(address)
    # The browser comes back from another site, perhaps in a frame: a strict cookie would stay behind.
    response.set_cookie(
        COOKIE,
        seal_text(pending.as_json(), purpose=PURPOSE, place=COOKIE),
        max_age=SECONDS_TO_RETURN,
        path=COOKIE_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite=_same_site(),
    )
    return response


def _forgotten(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite=_same_site())
    return response


def _same_site() -> Literal["None", "Lax"]:
    return "None" if settings.SESSION_COOKIE_SECURE else "Lax"


def _pending(request: HttpRequest) -> Pending:
    try:
        return Pending.from_json(unseal_text(request.COOKIES.get(COOKIE, ""), purpose=PURPOSE, place=COOKIE))
    except (ValueError, TypeError):
        raise LaunchRefused(
            "no-launch-here",
            "No launch began in this browser, or it took too long: open Tacit again from the EHR",
        ) from None
