"""An event becomes a FHIR R4 AuditEvent."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from audit.balp.actions import kind_of
from audit.balp.agents import Act, named, purposes
from audit.balp.codes import ACTION_SYSTEM, APPLICATION_SERVER, INTERACTION, Coding
from audit.balp.context import NO_CONTEXT, Context
from audit.balp.details import fhir_details
from audit.balp.errors import EventInvalid
from audit.balp.kinds import IHE, Kind
from audit.domain import Event, Outcome

# A refusal is the caller's (as HTTP 4xx), a failure is ours (as HTTP 5xx). Source: FHIR R4, audit-event-outcome.
OUTCOMES = {Outcome.SUCCESS: "0", Outcome.DENIED: "4", Outcome.FAILED: "8"}


def audit_event(
    event: Event,
    *,
    event_id: UUID,
    recorded_at: datetime,
    observer: str,
    client: str = "",
    context: Context = NO_CONTEXT,
) -> dict[str, Any]:
    """Return the event as a FHIR R4 AuditEvent; `observer` names the system that records, `client` who asked.

    The document is PHI where the event is about a patient. Raises: UnknownAction, EventInvalid.
    """
    _check(event, recorded_at, observer, context)
    kind = kind_of(event)
    act = Act(event, context, observer, client)
    document: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": str(event_id),
        "meta": _meta(kind, act),
        "type": kind.type.as_fhir(),
        "action": kind.action,
        "recorded": f"{recorded_at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z",
        "outcome": OUTCOMES[event.outcome],
        "agent": [agent for make in kind.agents if (agent := make(act)) is not None],
        "source": {
            "site": observer,
            "observer": named(observer),
            "type": [APPLICATION_SERVER.as_fhir()],
        },
    }
    if subtypes := _subtypes(kind, context):
        document["subtype"] = subtypes
    if event.purpose:
        document["purposeOfEvent"] = purposes(event.purpose)
    if event.reason and event.outcome is not Outcome.SUCCESS:
        document["outcomeDesc"] = event.reason
    if entities := _entities(kind, act):
        document["entity"] = entities
    return document


def _check(event: Event, recorded_at: datetime, observer: str, context: Context) -> None:
    """Raise EventInvalid where a mandatory element would be empty or a patient's id unprotected."""
    if not event.actor:
        raise EventInvalid("The event names no actor: an act of the system itself has a service account")
    if not observer:
        raise EventInvalid("The event names no observer: pass the name of this system")
    if recorded_at.tzinfo is None:
        raise EventInvalid("recorded_at has no time zone: pass an aware datetime")
    own = f"Patient/{event.patient_id}"
    for reference in (context.object, context.authorizer):
        if reference.startswith("Patient/") and reference != own and not reference.startswith(f"{own}/"):
            raise EventInvalid("The context names another patient: record one event for each patient")


def _meta(kind: Kind, act: Act) -> dict[str, Any]:
    tag = [{"system": ACTION_SYSTEM, "code": act.event.action}]
    profiles = [kind.profile] if claims_profile(kind, act) else []
    if act.context.token_id:
        profiles.append(f"{IHE}OAUTHaccessTokenUse.Minimal")
    elif act.context.token_tail:
        profiles.append(f"{IHE}OAUTHaccessTokenUse.Opaque")
    return {"profile": profiles, "tag": tag} if profiles else {"tag": tag}


def claims_profile(kind: Kind, act: Act) -> bool:
    """Whether the act has all that the kind's profile demands."""
    return (
        bool(kind.profile)
        and (act.event.outcome is Outcome.SUCCESS or kind.claims_failures)
        and all(need(act) for need in kind.needs)
    )


def _subtypes(kind: Kind, context: Context) -> list[dict[str, Any]]:
    if not kind.interactions:
        return [subtype.as_fhir() for subtype in kind.subtypes]
    interaction = context.interaction or kind.interactions[0]
    if interaction not in kind.interactions:
        raise EventInvalid(f"The interaction is none of {', '.join(kind.interactions)}")
    return [Coding(INTERACTION, interaction).as_fhir()]


def _entities(kind: Kind, act: Act) -> list[dict[str, Any]]:
    entities = [entity for make in kind.entities if (entity := make(act)) is not None]
    about = kind.details_about(act)
    details = _details(act)
    if not details and about is None:
        return entities
    if kind.details_on_last_entity and entities:
        entities[-1]["detail"] = details
        return entities
    own: dict[str, Any] = {"type": kind.details.as_fhir()}
    if about is not None:
        own["what"] = about
    if details:
        own["detail"] = details
    return [*entities, own]


def _details(act: Act) -> list[dict[str, Any]]:
    """Return the event's details, and what has no element of its own."""
    event, context = act.event, act.context
    details = dict(event.detail)
    if event.reason and event.outcome is Outcome.SUCCESS:
        details["reason"] = event.reason
    for name in ("specialty", "review_due"):
        if value := getattr(context, name):
            details[name] = value
    return fhir_details(details) if details else []
