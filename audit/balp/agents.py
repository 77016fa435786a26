"""Who took part in an act, as AuditEvent.agent: one small function for each part."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from audit.balp.codes import (
    ACCOUNT_SYSTEM,
    ACT_REASON,
    APPLICATION,
    AUTHORIZATION_SERVER,
    CLIENT_SYSTEM,
    DEVICE,
    JTI,
    MODEL_SYSTEM,
    OAUTH_AGENT,
    PATIENT_ADVOCATE,
    PROVIDER,
    ROLE_SYSTEM,
    Coding,
)
from audit.balp.context import Context
from audit.domain import Event

IP_ADDRESS = re.compile(r"[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")
# Source: FHIR R4, network-type.
MACHINE_NAME, IP, URI = "1", "2", "5"


class Act(NamedTuple):
    """An event with what surrounds it; `observer` names the system that records it."""

    event: Event
    context: Context
    observer: str
    client: str


Agent = Callable[[Act], dict[str, Any] | None]


def user(part: Coding) -> Agent:
    """Return the maker of the account that acts, with the access token it used; always the first agent."""

    def agent(act: Act) -> dict[str, Any]:
        event, context = act.event, act.context
        codings = [part.as_fhir()]
        made: dict[str, Any] = {
            "type": {"coding": codings},
            "who": {"identifier": {"system": ACCOUNT_SYSTEM, "value": event.actor}},
            "name": event.actor,
            "requestor": True,
        }
        if event.role:
            made["role"] = [{"coding": [{"system": ROLE_SYSTEM, "code": event.role}]}]
        if event.purpose:
            made["purposeOfUse"] = purposes(event.purpose)
        if context.token_id or context.token_tail:
            codings.append(OAUTH_AGENT.as_fhir())
            made["policy"] = [JTI + context.token_id if context.token_id else context.token_tail]
        return made

    return agent


def client(part: Coding) -> Agent:
    """Return the maker of the application that asked; where none is named, the observing system itself."""
    return lambda act: {
        "type": part.as_concept(),
        "who": _client(act.client) if act.client else named(act.observer),
        "requestor": False,
        "network": network(act.context.client_address or act.client or act.observer),
    }


def application(act: Act) -> dict[str, Any] | None:
    """Return the application that asked, where one is named."""
    return client(APPLICATION)(act) if act.client else None


def peer(part: Coding) -> Agent:
    """Return the maker of the other system; where none is named, the observing system answered itself."""
    return lambda act: _system(
        part, act.context.peer or act.observer, act.context.peer_address or act.context.peer or act.observer
    )


def observer(part: Coding) -> Agent:
    """Return the maker of the observing system, in this part."""
    return lambda act: _system(part, act.observer, act.observer)


def organization(act: Act) -> dict[str, Any] | None:
    """Return the user's organisation, where it is known."""
    if not act.context.organization:
        return None
    return {"type": PROVIDER.as_concept(), "who": named(act.context.organization), "requestor": False}


def authorization_server(act: Act) -> dict[str, Any]:
    """Return the system that decided: ours."""
    return {"type": AUTHORIZATION_SERVER.as_concept(), "who": named(act.observer), "requestor": False}


def authorizer(act: Act) -> dict[str, Any] | None:
    """Return who let a disclosure happen, where that is known: the patient, or who may speak for them."""
    if not act.context.authorizer:
        return None
    who = {"reference": act.context.authorizer}
    return {"type": PATIENT_ADVOCATE.as_concept(), "who": who, "requestor": False}


def model(act: Act) -> dict[str, Any] | None:
    """Return the model that drafted, where one did; its SHA-256 is also among the details."""
    digest = act.event.detail.get("model")
    if not digest:
        return None
    who = {"identifier": {"system": MODEL_SYSTEM, "value": digest}}
    return {"type": DEVICE.as_concept(), "who": who, "requestor": False}


def purposes(code: str) -> list[dict[str, Any]]:
    """Return a purpose of use as FHIR writes it."""
    return [{"coding": [{"system": ACT_REASON, "code": code}]}]


def named(name: str) -> dict[str, Any]:
    """Return a reference by name."""
    return {"identifier": {"value": name}}


def network(address: str) -> dict[str, Any]:
    """Return where a system was reached, as an address with its type."""
    if "://" in address:
        return {"address": address, "type": URI}
    return {"address": address, "type": IP if IP_ADDRESS.fullmatch(address) else MACHINE_NAME}


def _client(name: str) -> dict[str, Any]:
    return {"identifier": {"system": CLIENT_SYSTEM, "value": name}}


def _system(part: Coding, name: str, address: str) -> dict[str, Any]:
    return {
        "type": part.as_concept(),
        "who": named(name),
        "requestor": False,
        "network": network(address),
    }
