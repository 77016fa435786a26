"""A DocumentReference in words: the beginning of its plain text."""

from base64 import b64decode

from ehr_integration.chart.domain import Category, Fact, Finding, FindingCode
from ehr_integration.chart.reading.elements import (
    JsonObject,
    child,
    concept_text,
    first_code,
    moment,
    words,
)
from ehr_integration.chart.reading.readings import Reading, Readings, reference_of, unreadable
from ehr_integration.fhir.json_values import objects

MAX_NOTE_BYTES = 64 * 1024
NOTE_CHARACTERS = 500


def read_note(resource: JsonObject) -> Readings:
    """Return the note as a fact; one that is not plain text, or cut, is a finding; superseded ones are skipped."""
    if resource.get("status") == "superseded":
        return
    kind = child(resource, "type")
    name = concept_text(kind) or words(resource.get("description")) or "Note"
    data = _plain_text(resource)
    if data is None:
        yield _unread(resource, f"{name} is not held as plain text, so it was not read. Open it in the EHR.")
        return
    text = _decode(data)
    if text is None or not text:
        yield unreadable(resource, f"{name} holds no readable text")
        return
    at = moment(resource, "date")
    yield Reading(
        fact=Fact(
            category=Category.NOTES,
            text=text,
            reference=reference_of(resource),
            on=at.on if at else None,
            name=name,
            code=first_code(kind),
            status=words(resource.get("status")) or None,
        ),
        at=at,
    )


def _plain_text(resource: JsonObject) -> str | None:
    for content in objects(resource.get("content")):
        attachment = child(content, "attachment")
        data = attachment.get("data")
        if words(attachment.get("contentType")).lower().startswith("text/plain") and isinstance(data, str):
            return data
    return None


def _decode(data: str) -> str | None:
    """Return the first NOTE_CHARACTERS characters on one line, from the first MAX_NOTE_BYTES bytes."""
    within = data[: MAX_NOTE_BYTES * 2]  # room for the line breaks that base64 may hold
    packed = "".join(within.split())[: MAX_NOTE_BYTES // 3 * 4]
    try:
        text = b64decode(packed, validate=True).decode("utf-8", errors="replace")
    except ValueError:
        return None
    return words(text, limit=NOTE_CHARACTERS)


def _unread(resource: JsonObject, text: str) -> Finding:
    return Finding(code=FindingCode.INCOMPLETE, reference=reference_of(resource), text=text)
