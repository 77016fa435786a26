"""Cards and services as our code makes them, and as JSON; one that is not as the specification has it cannot be made.

Source: CDS Hooks 2.0.1, "Discovery" and "CDS Service Response".
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ehr_integration.cds_hooks.errors import CardInvalid
from ehr_integration.cds_hooks.invariants import Violation, check_response, check_services

VERSION = "STU2"  # of CDS Hooks, as 3.0 spells 2.0.1


class Indicator(StrEnum):
    """How urgent a card is, the least first."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, kw_only=True)
class Coding:
    """A code with its words."""

    system: str
    code: str
    display: str


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A change that the clinician may accept: here always the removal of draft orders, by reference."""

    label: str
    removes: tuple[str, ...]
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link; one with `app_context` launches our app through the EHR."""

    label: str
    url: str
    app_context: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card; `summary` has less than 140 characters, `detail` is GitHub Flavored Markdown, `source_url` may be ""."""

    summary: str
    detail: str
    indicator: Indicator
    source_label: str
    source_url: str
    topic: Coding
    suggestions: tuple[Suggestion, ...] = ()
    override_reasons: tuple[Coding, ...] = ()
    links: tuple[Link, ...] = ()
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))

    def __post_init__(self) -> None:
        """Raise CardInvalid for the first rule that the card breaks."""
        _check(check_response({"cards": [card_document(self)]}))


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service as discovery tells it; `prefetch` holds templates by key."""

    id: str
    hook: str
    title: str
    description: str
    prefetch: dict[str, str]
    usage_requirements: str = ""

    def __post_init__(self) -> None:
        """Raise CardInvalid for the first rule that the service breaks."""
        _check(check_services({"services": [_service(self)]}))


def response_document(cards: Sequence[Card]) -> dict[str, Any]:
    """Return a service's answer; without system actions, since nothing is to be done without a clinician."""
    return {"cards": [card_document(card) for card in cards]}


def discovery_document(services: Sequence[Service]) -> dict[str, Any]:
    """Return the answer of discovery."""
    return {"services": [_service(service) for service in services]}


def _check(violations: Sequence[Violation]) -> None:
    for violation in violations:
        raise CardInvalid(violation.rule, f"{violation.path} is not as CDS Hooks has it")


def _service(service: Service) -> dict[str, Any]:
    usage = {"usageRequirements": service.usage_requirements} if service.usage_requirements else {}
    return {
        "hook": service.hook,
        "id": service.id,
        "title": service.title,
        "description": service.description,
        "version": VERSION,
        "prefetch": service.prefetch,
        **usage,
    }


def card_document(card: Card) -> dict[str, Any]:
    """Return the card as JSON."""
    address = {"url": card.source_url} if card.source_url else {}
    document: dict[str, Any] = {
        "uuid": card.uuid,
        "summary": card.summary,
        "detail": card.detail,
        "indicator": card.indicator.value,
        "source": {"label": card.source_label, **address, "topic": _coding(card.topic)},
    }
    if card.suggestions:
        document["suggestions"] = [_suggestion(each) for each in card.suggestions]
        document["selectionBehavior"] = "any"
    if card.override_reasons:
        document["overrideReasons"] = [_coding(each) for each in card.override_reasons]
    if card.links:
        document["links"] = [_link(each) for each in card.links]
    return document


def _coding(coding: Coding) -> dict[str, str]:
    return {"system": coding.system, "code": coding.code, "display": coding.display}


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    actions = [
        {"type": "delete", "description": suggestion.label, "resourceId": reference}
        for reference in suggestion.removes
    ]
    return {"label": suggestion.label, "uuid": suggestion.uuid, "actions": actions}


def _link(link: Link) -> dict[str, str]:
    if link.app_context:
        return {"label": link.label, "url": link.url, "type": "smart", "appContext": link.app_context}
    return {"label": link.label, "url": link.url, "type": "absolute"}
