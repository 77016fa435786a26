"""The kinds of act that the record knows, each as the AuditEvent it becomes."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from audit.balp import agents, codes, entities
from audit.balp.agents import Act, Agent
from audit.balp.codes import BALP, Coding
from audit.balp.entities import Entity, nothing

IHE = f"{BALP}/StructureDefinition/IHE.BasicAudit."
AI_ANSWER_PROFILE = "urn:tacit:profile:ai-answer"
BREAK_GLASS_PROFILE = "urn:tacit:profile:break-glass"

Need = Callable[[Act], object]
PATIENT: Need = attrgetter("event.patient_id")
PURPOSE: Need = attrgetter("event.purpose")
REASON: Need = attrgetter("event.reason")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """An AuditEvent's shape; `profile` is claimed where the act succeeded and every need is there.

    A REST kind names its interactions, the usual one first, any other has fixed subtypes.
    """

    type: Coding
    action: str
    subtypes: tuple[Coding, ...] = ()
    interactions: tuple[str, ...] = ()
    agents: tuple[Agent, ...] = (agents.user(codes.RECIPIENT), agents.application)
    entities: tuple[Entity, ...] = (entities.patient, entities.transaction)
    profile: str = ""
    needs: tuple[Need, ...] = ()
    claims_failures: bool = False
    details: Coding = codes.DETAILS
    details_about: Callable[[Act], dict[str, Any] | None] = nothing
    details_on_last_entity: bool = False


def _rest(profile: str, action: str, *interactions: str, parts: tuple[Coding, Coding, Coding]) -> Kind:
    """Return a REST kind; `parts` are those of user, client and server."""
    is_query = action == "E"
    return Kind(
        type=codes.REST,
        action=action,
        interactions=interactions,
        agents=(agents.user(parts[0]), agents.client(parts[1]), agents.peer(parts[2])),
        entities=(entities.patient, entities.query if is_query else entities.data, entities.transaction),
        profile=f"{IHE}{profile}",
        needs=(PATIENT, attrgetter("context.query")) if is_query else (PATIENT,),
    )


def _security(subtype: Coding) -> Kind:
    return Kind(type=codes.SECURITY_ALERT, subtypes=(subtype,), action="E")


def _disclosure(profile: str, type_: Coding, action: str, *parts: Agent) -> Kind:
    return Kind(
        type=type_,
        subtypes=(codes.DISCLOSE,),
        action=action,
        agents=(agents.user(codes.RECIPIENT), *parts, agents.authorizer),
        entities=(entities.patient, entities.data, entities.transaction),
        profile=f"{IHE}PrivacyDisclosure.{profile}",
        needs=(PATIENT, attrgetter("context.peer")),
    )


def _application(subtype: Coding) -> Kind:
    return Kind(
        type=codes.APPLICATION_ACTIVITY,
        subtypes=(subtype,),
        action="E",
        agents=(agents.user(codes.LAUNCHER), agents.observer(codes.APPLICATION)),
    )


# In BALP a query's client is the source and its server the destination; of a read it is the other way round.
READ = _rest("PatientRead", "R", "read", "vread", parts=(codes.RECIPIENT, codes.DESTINATION, codes.SOURCE))
SEARCH = _rest(
    "PatientQuery",
    "E",
    *("search-type", "search", "search-system"),
    parts=(codes.RECIPIENT, codes.SOURCE, codes.DESTINATION),
)
CREATE = _rest("PatientCreate", "C", "create", parts=(codes.AUTHOR, codes.SOURCE, codes.DESTINATION))
UPDATE = _rest("PatientUpdate", "U", "update", "patch", parts=(codes.AUTHOR, codes.SOURCE, codes.DESTINATION))
DELETE = _rest("PatientDelete", "D", "delete", parts=(codes.AUTHOR, codes.APPLICATION, codes.CUSTODIAN))
DISCLOSED = _disclosure(
    "Source", codes.EXPORT, "R", agents.observer(codes.SOURCE), agents.peer(codes.DESTINATION)
)
RECEIVED = _disclosure(
    "Recipient", codes.IMPORT, "C", agents.peer(codes.SOURCE), agents.observer(codes.DESTINATION)
)
CONSENT_DECIDED = Kind(
    type=codes.SECURITY_ALERT,
    subtypes=(codes.CONSENT_DECISION,),
    action="E",
    agents=(
        agents.user(codes.RECIPIENT),
        agents.client(codes.APPLICATION),
        agents.organization,
        agents.authorization_server,
    ),
    entities=(entities.patient, entities.token, entities.consent),
    profile=f"{IHE}AuthZconsent",
    needs=(PATIENT, attrgetter("context.consent"), attrgetter("context.organization")),
    claims_failures=True,
    details_on_last_entity=True,  # the profile closes the list of entities
)
ANSWERED = Kind(
    type=codes.QUERY,
    subtypes=(codes.AI_ANSWER,),
    action="E",
    agents=(agents.user(codes.RECIPIENT), agents.application, agents.model),
    profile=AI_ANSWER_PROFILE,
    needs=(PATIENT, PURPOSE, entities.receipt),
    details=codes.ANSWER,
    details_about=entities.receipt,
)
GLASS_BROKEN = Kind(
    type=codes.SECURITY_ALERT,
    subtypes=(codes.OVERRIDE_STARTED,),
    action="E",
    profile=BREAK_GLASS_PROFILE,
    needs=(PATIENT, PURPOSE, REASON, entities.reviewer, attrgetter("context.review_due")),
    details=codes.REVIEW_DUTY,
    details_about=entities.reviewer,
)
GLASS_MENDED = _security(codes.OVERRIDE_STOPPED)
LITERATURE_SEARCHED = Kind(type=codes.QUERY, action="E")
CARDS_SHOWN = Kind(type=codes.QUERY, action="E")
AI_REVIEW_WRITTEN = Kind(type=codes.QUERY, subtypes=(codes.AI_ANSWER,), action="E")
RECORD_READ = Kind(
    type=codes.AUDIT_LOG_USED,
    action="R",
    entities=(entities.audit_log, entities.patient, entities.transaction),
)
RECORD_EXPORTED = Kind(
    type=codes.EXPORT,
    subtypes=(codes.AUDIT_LOG_USED,),
    action="R",
    entities=(entities.audit_log, entities.patient, entities.transaction),
)
SIGNED_IN = Kind(type=codes.USER_AUTHENTICATION, subtypes=(codes.LOGIN,), action="E")
SIGNED_OUT = Kind(type=codes.USER_AUTHENTICATION, subtypes=(codes.LOGOUT,), action="E")
STARTED = _application(codes.APPLICATION_START)
STOPPED = _application(codes.APPLICATION_STOP)
RESTRICTED_FUNCTION_USED = _security(codes.RESTRICTED_FUNCTION)
USER_CHANGED = _security(codes.USER_CHANGED)
ROLES_CHANGED = _security(codes.ROLES_CHANGED)
KEYS_CHANGED = _security(codes.SECURITY_CONFIGURATION)
SOFTWARE_CHANGED = _security(codes.SOFTWARE_CONFIGURATION)
