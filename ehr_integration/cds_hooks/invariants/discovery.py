"""The answer of discovery. Source: HL7 CDS Hooks, logical model CDSHooksServices."""

from typing import Any

from ehr_integration.cds_hooks.invariants.elements import (
    Document,
    Element,
    Field,
    Violation,
    departures,
    optional,
    required,
)
from ehr_integration.cds_hooks.invariants.forms import is_object, is_text


def _is_templates(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(value, dict) and all(is_text(template) for template in value.values())


_SERVICE = Element(
    fields={
        "hook": required(is_text),
        "id": required(is_text),
        "description": required(is_text),
        "title": optional(is_text),
        "prefetch": optional(_is_templates),
        "usageRequirements": optional(is_text),
        "version": optional(is_text),
        "extension": optional(is_object),
    }
)
_SERVICES = Element(
    fields={"services": Field(of=_SERVICE, is_required=True, is_list=True, may_be_empty=True)}
)


def check_services(document: Document) -> list[Violation]:
    """Return what a discovery answer breaks."""
    return list(departures(document, _SERVICES))
