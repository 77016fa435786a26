"""Drafts for tests."""

from typing import Any

from clinical.inference.domain import (
    BedsideDraft,
    LibraryDraft,
    Limits,
    Message,
    PatientText,
    PublicMessage,
    PublicText,
)

SCHEMA = {
    "type": "object",
    "properties": {"passage": {"enum": [1]}, "statement": {"type": "string"}},
    "required": ["passage", "statement"],
    "additionalProperties": False,
}
FIXED = (PublicMessage("system", PublicText("You help a clinician. You answer in one sentence.")),)


def limits(**changes: Any) -> Limits:
    return Limits(**{"max_tokens": 40, "deadline_seconds": 30.0} | changes)


def bedside(
    text: str = "Say that aspirin inhibits platelets.",
    *,
    schema: dict[str, Any] | None = None,
    **changes: Any,
) -> BedsideDraft:
    return BedsideDraft(
        fixed=FIXED, messages=(Message("user", PatientText(text)),), limits=limits(**changes), schema=schema
    )


def library(
    text: str = "Say that aspirin inhibits platelets.",
    *,
    schema: dict[str, Any] | None = None,
    **changes: Any,
) -> LibraryDraft:
    asked = PublicMessage("user", PublicText(text))
    return LibraryDraft(messages=(*FIXED, asked), limits=limits(**changes), schema=schema)
