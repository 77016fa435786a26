"""Documents of the protocol for tests: right ones, to be made wrong."""

import copy


def order(key="o1", patient="p1", **more):
    return {
        "resourceType": "MedicationRequest",
        "id": key,
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": {"text": "Warfarin 3 mg"},
        "subject": {"reference": f"Patient/{patient}"},
        **more,
    }


def drafts(*resources):
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": resource} for resource in resources],
    }


CONTEXTS = {
    "patient-view": {"userId": "Practitioner/dr1", "patientId": "p1", "encounterId": "e1"},
    "encounter-start": {"userId": "PractitionerRole/r1", "patientId": "p1", "encounterId": "e1"},
    "encounter-discharge": {"userId": "Practitioner/dr1", "patientId": "p1", "encounterId": "e1"},
    "order-sign": {"userId": "Practitioner/dr1", "patientId": "p1", "draftOrders": drafts(order())},
    "order-select": {
        "userId": "Practitioner/dr1",
        "patientId": "p1",
        "selections": ["MedicationRequest/o1"],
        "draftOrders": drafts(order()),
    },
    "order-dispatch": {"patientId": "p1", "order": "ServiceRequest/s1", "performer": "Organization/o1"},
}
AUTHORIZATION = {
    "access_token": "a-token-for-one-call",
    "token_type": "Bearer",
    "expires_in": 300,
    "scope": "patient/*.rs",
    "subject": "tacit",
    "patient": "p1",
}


def call(hook="patient-view", **changes):
    """A right call; None takes a field away, "context" adds to the hook's own."""
    context = {**copy.deepcopy(CONTEXTS[hook]), **changes.pop("context", {})}
    usual = {
        "hook": hook,
        "hookInstance": "e9f6b9a0-366c-47af-b11b-f6d54797030a",
        "fhirServer": "https://ehr.example.org/fhir",
        "fhirAuthorization": dict(AUTHORIZATION),
        "context": _without_none(context),
        "prefetch": {"patient": {"resourceType": "Patient", "id": "p1"}},
    }
    return _without_none({**usual, **changes})


def card(**changes):
    usual = {
        "uuid": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
        "summary": "Bleeding risk",
        "detail": "**Why**",
        "indicator": "warning",
        "source": {
            "label": "A guideline",
            "url": "https://example.org/guideline",
            "topic": {"system": "urn:topics", "code": "interaction"},
        },
        "suggestions": [suggestion()],
        "selectionBehavior": "any",
        "overrideReasons": [{"system": "urn:reasons", "code": "known", "display": "Known"}],
        "links": [link(), link(type="smart", appContext="{}")],
    }
    return _without_none({**usual, **changes})


def suggestion(**changes):
    usual = {"label": "Remove it", "uuid": "e56e1945-20b3-4393-8503-a1a20fd73152", "actions": [action()]}
    return _without_none({**usual, **changes})


def action(**changes):
    usual = {"type": "delete", "description": "Remove the draft", "resourceId": "MedicationRequest/o1"}
    return _without_none({**usual, **changes})


def link(**changes):
    return _without_none({"label": "Ask", "url": "https://example.org", "type": "absolute", **changes})


def told(**changes):
    """One entry of feedback: accepted."""
    usual = {
        "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
        "outcome": "accepted",
        "acceptedSuggestions": [{"id": "e56e1945-20b3-4393-8503-a1a20fd73152"}],
        "outcomeTimestamp": "2026-05-01T10:05:31Z",
    }
    return _without_none({**usual, **changes})


def overridden(**changes):
    """One entry of feedback: overridden for a reason."""
    usual = {
        "outcome": "overridden",
        "acceptedSuggestions": None,
        "overrideReason": {"reason": {"system": "urn:reasons", "code": "known"}},
    }
    return told(**{**usual, **changes})


def _without_none(fields):
    return {name: value for name, value in fields.items() if value is not None}
