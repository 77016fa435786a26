"""What a client tells about cards. Source: HL7 CDS Hooks, logical model CDSHooksFeedback, cds-fb-1 to 3."""

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
from ehr_integration.cds_hooks.invariants.forms import is_coding, is_instant, is_object, is_text, is_uuid

_OVERRIDE = Element(
    fields={"reason": optional(is_coding), "userComment": optional(is_text)},
    invariants={"cds-fb-3": lambda one: bool(one.get("reason") or one.get("userComment"))},
)
_ENTRY = Element(
    fields={
        "card": required(is_uuid),
        "outcome": required(is_text),
        "acceptedSuggestions": several(Element(fields={"id": required(is_uuid)})),
        "overrideReason": optional(_OVERRIDE),
        "outcomeTimestamp": required(is_instant),
        "extension": optional(is_object),
    },
    invariants={
        "cds-fb-1": lambda one: one.get("outcome") in ("accepted", "overridden"),
        "cds-fb-2": lambda one: one.get("outcome") != "accepted" or bool(one.get("acceptedSuggestions")),
    },
)
_FEEDBACK = Element(fields={"feedback": Field(of=_ENTRY, is_required=True, is_list=True, may_be_empty=True)})


def check_feedback(document: Document) -> list[Violation]:
    """Return what a feedback call breaks."""
    return list(departures(document, _FEEDBACK))
