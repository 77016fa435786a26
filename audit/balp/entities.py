"""What an act was about, as AuditEvent.entity: one small function for each part."""

import base64
from collections.abc import Callable
from typing import Any

from audit.balp.agents import Act, named
from audit.balp.codes import (
    ACCOUNT_SYSTEM,
    CONSENT,
    DOMAIN_ROLE,
    JTI,
    OAUTH_AGENT,
    PATIENT_ROLE,
    PERSON,
    QUERY_ROLE,
    RECEIPT_SYSTEM,
    REQUEST_ID,
    RFC_3986,
    SECURITY_RESOURCE_ROLE,
    SYSTEM_OBJECT,
)

Entity = Callable[[Act], dict[str, Any] | None]


def patient(act: Act) -> dict[str, Any] | None:
    """Return the patient."""
    if not act.event.patient_id:
        return None
    return {
        "what": {"reference": f"Patient/{act.event.patient_id}"},
        "type": PERSON.as_fhir(),
        "role": PATIENT_ROLE.as_fhir(),
    }


def data(act: Act) -> dict[str, Any] | None:
    """Return the resource; where none is named, it is the patient's own."""
    reference = act.context.object or (act.event.patient_id and f"Patient/{act.event.patient_id}")
    if not reference:
        return None
    return {
        "what": {"reference": reference},
        "type": SYSTEM_OBJECT.as_fhir(),
        "role": DOMAIN_ROLE.as_fhir(),
    }


def query(act: Act) -> dict[str, Any] | None:
    """Return the raw search in base64; left out where no patient's key could protect it."""
    if not (act.context.query and act.event.patient_id):
        return None
    return {
        "type": SYSTEM_OBJECT.as_fhir(),
        "role": QUERY_ROLE.as_fhir(),
        "query": base64.b64encode(act.context.query.encode()).decode(),
    }


def transaction(act: Act) -> dict[str, Any] | None:
    """Return the X-Request-Id."""
    if not act.context.request_id:
        return None
    return {"what": named(act.context.request_id), "type": REQUEST_ID.as_fhir()}


def consent(act: Act) -> dict[str, Any] | None:
    """Return the consent that decided."""
    if not act.context.consent:
        return None
    return {"what": {"reference": act.context.consent}, "type": CONSENT.as_fhir()}


def token(act: Act) -> dict[str, Any] | None:
    """Return the access token, by its jti."""
    if not act.context.token_id:
        return None
    return {"what": named(JTI + act.context.token_id), "type": OAUTH_AGENT.as_fhir()}


def audit_log(_: Act) -> dict[str, Any]:
    """Return the record itself. Source: DICOM PS3.15 A.5.3.2."""
    return {
        "what": {"identifier": {"system": RFC_3986, "value": "urn:tacit:audit"}},
        "type": SYSTEM_OBJECT.as_fhir(),
        "role": SECURITY_RESOURCE_ROLE.as_fhir(),
        "name": "Security Audit Log",
    }


def receipt(act: Act) -> dict[str, Any] | None:
    """Return what names an answer: its receipt."""
    value = act.event.detail.get("receipt_id")
    return {"identifier": {"system": RECEIPT_SYSTEM, "value": value}} if value else None


def reviewer(act: Act) -> dict[str, Any] | None:
    """Return who must review an emergency override: an account."""
    value = act.context.reviewer
    return {"identifier": {"system": ACCOUNT_SYSTEM, "value": value}} if value else None


def nothing(_: Act) -> None:
    """Return None: these details name no object."""
