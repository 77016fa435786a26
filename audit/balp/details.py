"""`Event.detail` as AuditEvent.entity.detail: every value is a string there, and comes back as what it was."""

import json
from collections.abc import Mapping
from typing import Any

from audit.balp.codes import DATA_ABSENT_REASON
from audit.balp.errors import EventInvalid

# What is not a string; a list goes as JSON, so that an empty one stays a list.
INTEGERS = frozenset({"cards", "claims", "dropped_claims", "events", "patients", "size"})
LISTS = frozenset({"filters", "rules", "source_ids"})
LIST_TEXT = json.JSONEncoder(ensure_ascii=False).encode

# FHIR knows no empty string: a value that is not there says why, as text and as an extension that tells it from the
# same word. Source: HL7 data-absent-reason.
ABSENT: dict[str | None, str] = {None: "not-applicable", "": "not-performed"}
VALUE_OF_ABSENCE = {code: value for value, code in ABSENT.items()}


def fhir_details(details: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return one entity.detail for each entry. Raises: EventInvalid for a value of another type than its key's."""
    return [_detail(key, value) for key, value in details.items()]


def plain_details(entities: list[dict[str, Any]]) -> dict[str, object]:
    """Return the details of all entities, with their types."""
    return {
        detail["type"]: _value(detail["type"], detail)
        for entity in entities
        if "detail" in entity
        for detail in entity["detail"]
    }


def _detail(key: str, value: object) -> dict[str, Any]:
    if value is None or value == "":
        absence = {"url": DATA_ABSENT_REASON, "valueCode": ABSENT[value]}
        return {"type": key, "valueString": ABSENT[value], "_valueString": {"extension": [absence]}}
    return {"type": key, "valueString": _written(key, value)}


def _written(key: str, value: object) -> str:
    if key in INTEGERS and type(value) is int:
        return str(value)
    if key in LISTS and isinstance(value, list):
        return LIST_TEXT(value)
    if key not in INTEGERS and key not in LISTS and isinstance(value, str):
        return str(value)
    raise EventInvalid(
        f"The detail {key} is a {type(value).__name__}: see audit/balp/details.py for its type"
    )


def _value(key: str, detail: dict[str, Any]) -> object:
    if "_valueString" in detail:
        return VALUE_OF_ABSENCE[detail["_valueString"]["extension"][0]["valueCode"]]
    text = detail["valueString"]
    if key in INTEGERS:
        return int(text)
    return json.loads(text) if key in LISTS else text
