"""A call of a service, and the context that each hook brings.

Source: HL7 CDS Hooks, logical models CDSHooksRequest and CDSHook...Context, invariants cds-r-1, cds-r-2 and ord-1. Where
2.0.1 and the 3.0 ballot differ, either is right.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ehr_integration.cds_hooks.invariants.elements import (
    Document,
    Element,
    Field,
    Violation,
    departures,
    optional,
    required,
    several,
)
from ehr_integration.cds_hooks.invariants.forms import (
    is_address,
    is_bundle,
    is_count,
    is_id,
    is_object,
    is_reference,
    is_resource,
    is_text,
    is_user,
    is_uuid,
)
from ehr_integration.fhir.origin import is_bearer_token

_COMMON = {"userId": required(is_user), "patientId": required(is_id)}
_MAYBE_ENCOUNTER = {**_COMMON, "encounterId": optional(is_id)}
_IN_ENCOUNTER = {**_COMMON, "encounterId": required(is_id)}
_ORDERING = {**_MAYBE_ENCOUNTER, "draftOrders": required(is_bundle)}
CONTEXTS: Mapping[str, Element] = {
    "patient-view": Element(fields=_MAYBE_ENCOUNTER),
    "encounter-start": Element(fields=_IN_ENCOUNTER),
    "encounter-discharge": Element(fields=_IN_ENCOUNTER),
    "order-sign": Element(fields=_ORDERING),
    "order-select": Element(
        fields={
            **_ORDERING,
            "selections": Field(of=is_text, is_list=True, may_be_empty=True),
        },
    ),
    "order-dispatch": Element(
        fields={
            "patientId": required(is_id),
            "order": optional(is_reference),
            "dispatchedOrders": several(is_reference),
            "performer": optional(is_reference),
        },
        invariants={"required:dispatchedOrders": lambda one: "order" in one or "dispatchedOrders" in one},
    ),
    "appointment-book": Element(fields={**_MAYBE_ENCOUNTER, "appointments": required(is_bundle)}),
}
_AUTHORIZATION = Element(
    fields={
        "access_token": required(is_bearer_token),
        "token_type": required(frozenset({"Bearer"})),
        "expires_in": required(is_count),
        "scope": required(is_text),
        "subject": required(is_text),
        "patient": optional(is_id),
    },
    invariants={"cds-r-2": lambda one: "patient/" not in str(one.get("scope")) or bool(one.get("patient"))},
)
_REQUEST = Element(
    fields={
        "hook": required(is_text),
        "hookInstance": required(is_uuid),
        "fhirServer": optional(is_address),
        "fhirAuthorization": optional(_AUTHORIZATION),
        "context": required(is_object),
        "prefetch": optional(is_object),
        "extension": optional(is_object),
    },
    invariants={"cds-r-1": lambda one: not one.get("fhirAuthorization") or bool(one.get("fhirServer"))},
)


def check_request(document: Document) -> list[Violation]:
    """Return what a call breaks. The context of a hook that is not known here may be any object."""
    found = list(departures(document, _REQUEST))
    context, hook = document.get("context"), document.get("hook")
    if isinstance(context, dict) and isinstance(hook, str) and hook in CONTEXTS:
        found += departures(context, CONTEXTS[hook], "context")
        found += _selections(context) if hook == "order-select" else []
    return [*found, *_prefetch(document.get("prefetch"))]


def draft_resources(context: Document) -> list[dict[str, Any]]:
    """Return the resources of the draft orders, none where they are no Bundle."""
    drafts: Any = context.get("draftOrders")
    return [entry["resource"] for entry in drafts.get("entry", [])] if is_bundle(drafts) else []


def _selections(context: Document) -> Iterator[Violation]:
    drafted = {f"{draft['resourceType']}/{draft.get('id')}" for draft in draft_resources(context)}
    selections = context.get("selections")
    for at, selection in enumerate(selections if isinstance(selections, list) else []):
        if not is_reference(selection):
            yield Violation("ord-1", f"context.selections[{at}]")
        elif selection not in drafted:
            yield Violation("form:selections", f"context.selections[{at}]")


def _prefetch(prefetch: object) -> Iterator[Violation]:
    for key, value in prefetch.items() if isinstance(prefetch, dict) else ():
        if value is not None and not is_resource(value):
            yield Violation("form:prefetch", f"prefetch.{key}")
