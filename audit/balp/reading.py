"""An AuditEvent of this record becomes an event again, and gives what it can be found by."""

from collections.abc import Mapping
from typing import Any

from audit.balp.building import OUTCOMES
from audit.balp.codes import (
    ACTION_SYSTEM,
    CLIENT_SYSTEM,
    EMERGENCY_PURPOSES,
    OVERRIDE_STARTED,
    PERSON,
)
from audit.balp.details import plain_details
from audit.balp.errors import DocumentInvalid
from audit.domain import DETAIL_KEYS, Event

OUTCOME_OF = {code: outcome for outcome, code in OUTCOMES.items()}


def event_of(document: Mapping[str, Any]) -> Event:
    """Return the event that an AuditEvent of this record was made from.

    Of a document whose patient was taken out (or shredded) the patient's id is "?". Raises: DocumentInvalid.
    """
    try:
        details = plain_details(document.get("entity", []))
        user = document["agent"][0]
        return Event(
            action=_action(document),
            outcome=OUTCOME_OF[document["outcome"]],
            actor=user["who"]["identifier"]["value"],
            role=user["role"][0]["coding"][0]["code"] if "role" in user else "",
            patient_id=patient_of(document) or "",
            purpose=_purpose(document),
            reason=str(document.get("outcomeDesc") or details.get("reason", "")),
            client=_client(document),
            detail={key: value for key, value in details.items() if key in DETAIL_KEYS},
        )
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        raise DocumentInvalid(
            f"This is no AuditEvent of this record ({type(error).__name__}): check() says what is missing"
        ) from None


def search_values(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event is found by; what it does not have is left out.

    Keys: patient, user, client, action, purpose, date (YYYY-MM-DD, UTC), outcome ("0", "4", "8") and emergency
    (bool: an override, or an access for an emergency's purpose). Raises: DocumentInvalid.
    """
    try:
        purpose = _purpose(document)
        values = {
            "patient": patient_of(document),
            "user": document["agent"][0]["who"]["identifier"]["value"],
            "client": _client(document),
            "action": _action(document),
            "purpose": purpose,
            "date": document["recorded"][:10],
            "outcome": document["outcome"],
        }
        is_emergency = purpose in EMERGENCY_PURPOSES or _is_override(document)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise DocumentInvalid(
            f"This is no AuditEvent of this record ({type(error).__name__}): check() says what is missing"
        ) from None
    return {key: value for key, value in values.items() if value} | {"emergency": is_emergency}


def patient_of(document: Mapping[str, Any]) -> str | None:
    """Return the id of the patient that the event is about, None where it is about none."""
    for entity in document.get("entity", ()):
        coding = entity["type"]
        if coding["code"] == PERSON.code and coding["system"] == PERSON.system:
            return str(entity["what"]["reference"].removeprefix("Patient/"))
    return None


def _action(document: Mapping[str, Any]) -> str:
    for tag in document["meta"]["tag"]:
        if tag["system"] == ACTION_SYSTEM:
            return str(tag["code"])
    raise KeyError(ACTION_SYSTEM)


def _purpose(document: Mapping[str, Any]) -> str:
    if "purposeOfEvent" not in document:
        return ""
    return str(document["purposeOfEvent"][0]["coding"][0]["code"])


def _client(document: Mapping[str, Any]) -> str:
    for agent in document["agent"]:
        identifier = agent["who"].get("identifier", {})
        if identifier.get("system") == CLIENT_SYSTEM:
            return str(identifier["value"])
    return ""


def _is_override(document: Mapping[str, Any]) -> bool:
    return any(each["code"] == OVERRIDE_STARTED.code for each in document.get("subtype", ()))
