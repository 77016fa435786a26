"""Forms that single values have in the protocol. Source: CDS Hooks 2.0.1; FHIR R4, datatypes."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ehr_integration.fhir.origin import is_fhir_id

LONGEST_SUMMARY = 139
USERS = frozenset({"Practitioner", "PractitionerRole", "Patient", "RelatedPerson"})
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Ids of drafts may be longer than FHIR's: EHRs put a draft's state in them (the specification's own example does).
_REFERENCE = re.compile(r"[A-Za-z]{1,64}/[A-Za-z0-9_\-.]{1,1024}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)


def is_text(value: Any) -> bool:  # noqa: ANN401 - any JSON, here and below
    """Whether the value is a string with something in it."""
    return isinstance(value, str) and bool(value.strip())


def is_summary(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is a string of less than 140 characters."""
    return is_text(value) and len(value) <= LONGEST_SUMMARY


def is_flag(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is true or false."""
    return isinstance(value, bool)


def is_count(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is a whole number from zero up."""
    return type(value) is int and value >= 0


def is_uuid(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is a UUID, written without a prefix."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def is_id(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is a FHIR id, and not a reference."""
    return is_fhir_id(value)


def is_reference(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is a relative reference, "Type/id"."""
    return isinstance(value, str) and _REFERENCE.fullmatch(value) is not None


def is_user(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is a relative reference to somebody who may use an EHR."""
    kind, _, key = value.partition("/") if isinstance(value, str) else ("", "", "")
    return kind in USERS and is_fhir_id(key)


def is_address(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is an absolute http or https URL."""
    if not isinstance(value, str) or not value.isprintable() or " " in value:
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def is_instant(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is a moment with its offset. Source: RFC 3339, section 5.6."""
    if not isinstance(value, str) or _INSTANT.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value.upper())
    except ValueError:
        return False
    return True


def is_object(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is a JSON object."""
    return isinstance(value, dict)


def is_coding(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is a Coding whose parts, where they are there, are text."""
    return isinstance(value, dict) and all(
        is_text(value[name]) for name in ("system", "code", "display") if name in value
    )


def is_resource(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is a FHIR resource."""
    return isinstance(value, dict) and is_text(value.get("resourceType"))


def is_bundle(value: Any) -> bool:  # noqa: ANN401
    """Whether the value is a Bundle in which every entry has a resource."""
    entries = value.get("entry", []) if is_resource(value) and value["resourceType"] == "Bundle" else None
    return isinstance(entries, list) and all(
        isinstance(entry, dict) and is_resource(entry.get("resource")) for entry in entries
    )
