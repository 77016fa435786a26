"""A launch whose token is still good: renewed shortly before it ends, by one of the requests that need it."""

import time
from dataclasses import replace

from django.http import HttpRequest

from ehr_integration.connections.store import connection_named
from ehr_integration.errors import EhrError, EhrTimeout
from ehr_integration.fhir.scopes import Scopes
from ehr_integration.replay import Replayed, claim_once, release
from ehr_integration.smart.discovery import smart_configuration
from ehr_integration.smart.domain import Launch
from ehr_integration.smart.errors import AuthorizationFailed, LaunchExpired
from ehr_integration.smart.session_store import PLACE, RENEWALS, SEALED, SessionStore
from ehr_integration.smart.sessions import launch_in, launch_of, sealed
from ehr_integration.smart.token_endpoint import request_tokens

SECONDS_BEFORE_THE_END = 30
# Longer than the EHR's configuration and its token endpoint may take together.
SECONDS_OF_A_RENEWAL = 15
SECONDS_TO_WAIT_FOR_ANOTHER = 5
CLAIM = "refresh"


def current_launch(request: HttpRequest) -> Launch | None:
    """Return the session's launch with a token that is still good; None where the session began with a password.

    Raises: LaunchExpired; EhrError, where nobody knows yet.
    """
    launch = launch_of(request)
    if launch is None and PLACE not in request.session:
        return None
    if launch is None:  # without its launch the session must not pass for one that may choose its patient
        raise LaunchExpired("The EHR's launch cannot be read any more: open Tacit again from the EHR")
    if launch.expires_at - time.time() > SECONDS_BEFORE_THE_END:
        return launch
    if not launch.refresh_token:
        raise LaunchExpired("The EHR's permission has ended: open Tacit again from the EHR")
    try:
        claim_once(CLAIM, _claimed(launch), seconds=SECONDS_OF_A_RENEWAL)
    except Replayed:
        return _renewed_by_another(request, launch)
    return _renewed_by_us(request, launch)


def _claimed(launch: Launch) -> str:
    return f"{launch.id} {launch.refresh_token}"


def _renewed_by_us(request: HttpRequest, launch: Launch) -> Launch:
    if (stored := _stored(request, launch)) is not launch:
        return _usable(stored)
    try:
        renewed = _renewed(launch)
    except LaunchExpired:
        _save(request, replace(launch, refresh_token=""))  # nobody tries it again
        raise
    except EhrError:
        release(CLAIM, _claimed(launch))  # the next request may find the EHR well again
        raise
    _save(request, renewed)
    return renewed


def _renewed_by_another(request: HttpRequest, launch: Launch) -> Launch:
    give_up_at = time.monotonic() + SECONDS_TO_WAIT_FOR_ANOTHER
    while time.monotonic() < give_up_at:
        if (stored := _stored(request, launch)) is not launch:
            return _usable(stored)
        time.sleep(0.05)
    raise EhrTimeout("The EHR did not renew its permission in time: try again")


def _stored(request: HttpRequest, launch: Launch) -> Launch:
    """Return the launch as another request may have saved it, kept for this one, too; the same where none has."""
    session = SessionStore(request.session.session_key)
    found = launch_in(session)
    if found is None or found.id != launch.id or session[RENEWALS] <= request.session[RENEWALS]:
        return launch
    request.session.update({SEALED: session[SEALED], RENEWALS: session[RENEWALS]})
    return found


def _usable(launch: Launch) -> Launch:
    if not launch.refresh_token and launch.expires_at - time.time() <= SECONDS_BEFORE_THE_END:
        raise LaunchExpired("The EHR did not renew its permission: open Tacit again from the EHR")
    return launch


def _renewed(launch: Launch) -> Launch:
    connection = connection_named(launch.connection)
    form = {"grant_type": "refresh_token", "refresh_token": launch.refresh_token}
    try:
        tokens = request_tokens(connection, smart_configuration(connection), form, asked_scope=launch.scope)
    except AuthorizationFailed:
        raise LaunchExpired("The EHR did not renew its permission: open Tacit again from the EHR") from None
    return replace(
        launch,
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token or launch.refresh_token,
        expires_at=tokens.expires_at,
        scope=str(Scopes.parse(tokens.scope).within(Scopes.parse(launch.scope))),
    )


def _save(request: HttpRequest, launch: Launch) -> None:
    request.session.update({SEALED: sealed(launch), RENEWALS: request.session[RENEWALS] + 1})
    request.session.save()
