"""A launch in the browser's session: sealed, and given back to the EHR when it ends."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from compliance.access.ehr_users import account_of_ehr_user, take_into_care
from compliance.sealing import seal_text, unseal_text
from ehr_integration.connections.endpoints import endpoint_with
from ehr_integration.connections.store import connection_named
from ehr_integration.errors import EhrError
from ehr_integration.fhir.origin import FhirEndpoint
from ehr_integration.fhir.scopes import Scopes
from ehr_integration.smart.discovery import smart_configuration
from ehr_integration.smart.domain import Launch
from ehr_integration.smart.session_store import EHR, PLACE, RENEWALS, SEALED
from ehr_integration.smart.token_endpoint import revoke

logger = logging.getLogger(__name__)

PURPOSE = b"tacit-smart-launch-v1"
BACKEND = "django.contrib.auth.backends.ModelBackend"
# The relation that a launch gives lasts as long as a session without a pause can; each launch gives it anew.
CARE = timedelta(hours=12)


def open_session(request: HttpRequest, launch: Launch) -> None:
    """Sign the EHR's user in, with the launch in the session; its patient is in their care for the day.

    A launch that the browser had before is given back. Raises: AccessDenied, AuditUnavailable.
    """
    before = launch_of(request)
    account = account_of_ehr_user(launch.connection, launch.fhir_user)
    with transaction.atomic():  # a sign-in that cannot be recorded leaves nobody in anybody's care
        if launch.patient:
            take_into_care(account, launch.patient, until=datetime.now(UTC) + CARE)
        request.session.flush()
        login(request, account, backend=BACKEND)
    request.session.update({EHR: launch.connection, PLACE: launch.id, RENEWALS: 0, SEALED: sealed(launch)})
    if before is not None:
        give_back(before)


def ehr_of(request: HttpRequest) -> str:
    """Return the name of the EHR that launched the session; empty where it began with a password."""
    return str(request.session.get(EHR, ""))


def launch_of(request: HttpRequest) -> Launch | None:
    """Return the session's launch as it stands; None where there is none that can be read."""
    return launch_in(request.session)


def endpoint_of(launch: Launch) -> FhirEndpoint:
    """Return the EHR's FHIR endpoint with its user's own token. Raises: UnknownEhr."""
    connection = connection_named(launch.connection)
    endpoint = endpoint_with(connection, token=launch.access_token, scope=launch.scope)
    # Of a launch we know the scopes, also where nothing was granted that we had asked for.
    return replace(endpoint, scopes=Scopes.parse(launch.scope))


@receiver(user_logged_out)
def end_launch(sender: object, request: HttpRequest, **_: object) -> None:
    """Give back the tokens of a launched session that ends."""
    launch = launch_of(request)
    if launch is not None:
        give_back(launch)


def give_back(launch: Launch) -> None:
    """Revoke a launch's tokens, as far as the EHR lets us: they end by themselves, too."""
    tokens = tuple(filter(None, (launch.access_token, launch.refresh_token)))
    try:
        connection = connection_named(launch.connection)
        revoke(connection, smart_configuration(connection), tokens)
    except EhrError:
        logger.warning("A token was not given back to the EHR %s; it ends by itself", launch.connection)


def sealed(launch: Launch) -> str:
    """Return the launch as text that only this installation can read."""
    return seal_text(launch.as_json(), purpose=PURPOSE, place=launch.id)


def launch_in(session: Any) -> Launch | None:  # noqa: ANN401 - any of Django's session stores
    """Return the launch in a session; None where there is none that can be read."""
    text, place = session.get(SEALED), session.get(PLACE)
    if not text or not place:
        return None
    try:
        return Launch.from_json(unseal_text(text, purpose=PURPOSE, place=place))
    except (ValueError, TypeError, LookupError):
        return None  # of another secret key, or of another release
