"""A launch in the browser's session: sealed, renewed before it ends, and given back to the EHR on signing out."""

import base64
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from compliance.access.ehr_users import account_of_ehr_user, take_into_care
from compliance.sealing import seal, unseal
from ehr_integration.connections.endpoints import endpoint_with
from ehr_integration.connections.store import connection_named
from ehr_integration.errors import EhrError
from ehr_integration.fhir.origin import FhirEndpoint
from ehr_integration.fhir.scopes import Scopes
from ehr_integration.replay import Replayed, claim_once
from ehr_integration.smart.discovery import smart_configuration
from ehr_integration.smart.domain import Launch
from ehr_integration.smart.errors import AuthorizationFailed, LaunchExpired
from ehr_integration.smart.token_endpoint import request_tokens, revoke

logger = logging.getLogger(__name__)

SEALED, PLACE = "smart_launch", "smart_launch_id"
PURPOSE = b"tacit-smart-launch-v1"
BACKEND = "django.contrib.auth.backends.ModelBackend"
SECONDS_BEFORE_THE_END = 30
SECONDS_TO_WAIT_FOR_ANOTHER = 5
# The relation that a launch gives lasts as long as a session without a pause can; each launch gives it anew.
CARE = timedelta(hours=12)


def open_session(request: HttpRequest, launch: Launch) -> None:
    """Sign the EHR's user in, with the launch in the session; its patient is in their care for the day.

    Raises: AccessDenied, AuditUnavailable.
    """
    account = account_of_ehr_user(launch.connection, launch.fhir_user)
    if launch.patient:
        take_into_care(account, launch.patient, until=datetime.now(UTC) + CARE)
    request.session.flush()
    login(request, account, backend=BACKEND)
    _keep(request, launch)


def launch_of(request: HttpRequest) -> Launch | None:
    """Return the session's launch as it stands; None where the session began with a password."""
    return _unsealed(request.session)


def current_launch(request: HttpRequest) -> Launch | None:
    """Return the session's launch with a token that is still good. Raises: LaunchExpired, EhrError."""
    launch = launch_of(request)
    if launch is None or launch.expires_at - time.time() > SECONDS_BEFORE_THE_END:
        return launch
    if not launch.refresh_token:
        raise LaunchExpired("The EHR's permission has ended: open Tacit again from the EHR")
    try:
        claim_once("refresh", f"{launch.id} {launch.refresh_token}", seconds=SECONDS_TO_WAIT_FOR_ANOTHER)
    except Replayed:
        return _renewed_by_another(request, launch)
    try:
        renewed = _renewed(launch)
    except LaunchExpired:
        _save(request, replace(launch, refresh_token=""))  # nobody waits for it again
        raise
    _save(request, renewed)
    return renewed


def endpoint_of(launch: Launch) -> FhirEndpoint:
    """Return the EHR's FHIR endpoint with its user's own token. Raises: UnknownEhr."""
    return endpoint_with(connection_named(launch.connection), token=launch.access_token, scope=launch.scope)


@receiver(user_logged_out)
def give_back(sender: object, request: HttpRequest, **_: object) -> None:
    """Revoke the tokens of a launched session that ends."""
    launch = launch_of(request)
    if launch is None:
        return
    try:
        connection = connection_named(launch.connection)
        revoke(connection, smart_configuration(connection), launch.refresh_token or launch.access_token)
    except EhrError:
        logger.warning("A token was not given back to the EHR %s; it ends by itself", launch.connection)


def _save(request: HttpRequest, launch: Launch) -> None:
    _keep(request, launch)
    request.session.save()


def _keep(request: HttpRequest, launch: Launch) -> None:
    sealed = seal(launch.as_json(), secret=settings.SECRET_KEY, purpose=PURPOSE, place=launch.id)
    request.session[SEALED], request.session[PLACE] = base64.b64encode(sealed).decode(), launch.id


def _unsealed(session: Any) -> Launch | None:  # noqa: ANN401 - any of Django's session stores
    sealed, place = session.get(SEALED), session.get(PLACE)
    if not sealed or not place:
        return None
    try:
        raw = base64.b64decode(sealed)
        return Launch.from_json(unseal(raw, secret=settings.SECRET_KEY, purpose=PURPOSE, place=place))
    except (InvalidTag, ValueError):
        return None  # the secret key was changed: the launch is gone, as are all sessions


def _renewed(launch: Launch) -> Launch:
    connection = connection_named(launch.connection)
    try:
        tokens = request_tokens(
            connection,
            smart_configuration(connection),
            {"grant_type": "refresh_token", "refresh_token": launch.refresh_token},
            asked_scope=launch.scope,
        )
    except AuthorizationFailed:
        raise LaunchExpired("The EHR did not renew its permission: open Tacit again from the EHR") from None
    return replace(
        launch,
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token or launch.refresh_token,
        expires_at=tokens.expires_at,
        scope=str(Scopes.parse(tokens.scope).within(Scopes.parse(launch.scope))),
    )


def _renewed_by_another(request: HttpRequest, launch: Launch) -> Launch:
    """Return what another tab's request has just renewed: a refresh token may be good for one use only."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    give_up_at = time.monotonic() + SECONDS_TO_WAIT_FOR_ANOTHER
    while time.monotonic() < give_up_at:
        found = _unsealed(store(request.session.session_key))
        if found is not None and found.access_token != launch.access_token:
            _keep(request, found)
            return found
        time.sleep(0.05)
    raise LaunchExpired("The EHR did not renew its permission: open Tacit again from the EHR")
