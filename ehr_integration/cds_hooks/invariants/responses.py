"""A service's answer: cards, and system actions. Source: HL7 CDS Hooks, logical model CDSHooksResponse, cds-resp-1 to 7."""

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
    is_coding,
    is_flag,
    is_object,
    is_reference,
    is_resource,
    is_summary,
    is_text,
    is_uuid,
)

INDICATORS = frozenset({"info", "warning", "critical"})
ACTION_SELECTIONS = frozenset({"all", "any", "at-most-one"})


def _items(document: Document, name: str) -> list[Document]:
    value = document.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _deletes_by_id(action: Document) -> bool:
    return action.get("type") != "delete" or bool(action.get("resourceId") and not action.get("resource"))


def _writes_a_resource(action: Document) -> bool:
    return action.get("type") not in ("create", "update") or bool(action.get("resource"))


def _recommends_one(card: Document) -> bool:
    recommended = [each for each in _items(card, "suggestions") if each.get("isRecommended") is True]
    return card.get("selectionBehavior") != "at-most-one" or len(recommended) <= 1


def _described(suggestion: Document) -> bool:
    return all(action.get("description") for action in _items(suggestion, "actions"))


def _selects_actions(suggestion: Document) -> bool:
    behavior = suggestion.get("actionSelectionBehavior", "all")
    return isinstance(behavior, str) and behavior in ACTION_SELECTIONS


_ACTION = Element(
    fields={
        "type": required(frozenset({"create", "update", "delete"})),
        "description": optional(is_text),
        "resource": optional(is_resource),
        "resourceId": optional(is_reference),
    },
    invariants={"cds-resp-2": _deletes_by_id, "required:resource": _writes_a_resource},
)
_SUGGESTION = Element(
    fields={
        "label": required(is_text),
        "uuid": optional(is_uuid),
        "isRecommended": optional(is_flag),
        "actions": several(_ACTION),
    },
    invariants={"cds-resp-5": _described, "cds-resp-7": _selects_actions},
)
_LINK = Element(
    fields={
        "label": required(is_text),
        "url": required(is_address),
        "type": required(frozenset({"absolute", "smart"})),
        "appContext": optional(is_text),
        "autolaunchable": optional(is_flag),
    },
    invariants={"cds-resp-3": lambda link: link.get("type") == "smart" or not link.get("appContext")},
)
_SOURCE = Element(
    fields={
        "label": required(is_text),
        "url": optional(is_address),
        "icon": optional(is_address),
        "topic": optional(is_coding),
    }
)
_CARD = Element(
    fields={
        "uuid": optional(is_uuid),
        "summary": required(is_summary),
        "detail": optional(is_text),
        "indicator": required(INDICATORS),
        "source": required(_SOURCE),
        "suggestions": several(_SUGGESTION),
        "selectionBehavior": optional(frozenset({"at-most-one", "any"})),
        "overrideReasons": several(is_coding),
        "links": several(_LINK),
        "extension": optional(is_object),
    },
    invariants={
        "cds-resp-1": _recommends_one,
        "cds-resp-4": lambda card: all(one.get("display") for one in _items(card, "overrideReasons")),
        "cds-resp-6": lambda card: not card.get("suggestions") or bool(card.get("selectionBehavior")),
    },
)
_RESPONSE = Element(
    fields={
        "cards": Field(of=_CARD, is_required=True, is_list=True, may_be_empty=True),
        "systemActions": several(_ACTION),
        "extension": optional(is_object),
    }
)


def check_response(document: Document) -> list[Violation]:
    """Return what a service's answer breaks."""
    return list(departures(document, _RESPONSE))
