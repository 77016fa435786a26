"""Reads single FHIR elements out of JSON that may hold anything: what cannot be read is absent, never a crash."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from ehr_integration.fhir.json_values import object_in, objects

JsonObject = dict[str, Any]

MAX_WORDS_CHARACTERS = 300
LOINC, SNOMED_CT = "http://loinc.org", "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
PREFERRED_SYSTEMS = frozenset({LOINC, SNOMED_CT, RXNORM})
ABSENT_OR_UNKNOWN = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
KNOWN_SYSTEMS = PREFERRED_SYSTEMS | {
    ABSENT_OR_UNKNOWN,
    "http://hl7.org/fhir/sid/icd-10",
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://hl7.org/fhir/sid/icd-9-cm",
    "http://hl7.org/fhir/sid/icd-11",
    "http://hl7.org/fhir/sid/ndc",
    "http://hl7.org/fhir/sid/cvx",
    "http://hl7.org/fhir/ndfrt",
    "http://fdasis.nlm.nih.gov",
    "http://www.whocc.no/atc",
    "http://www.ama-assn.org/go/cpt",
    "http://www.cms.gov/Medicare/Coding/ICD10",
}
OIDS = {  # Source: the OID registry of HL7 International
    "2.16.840.1.113883.6.1": "http://loinc.org",
    "2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
    "2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
    "2.16.840.1.113883.6.103": "http://hl7.org/fhir/sid/icd-9-cm",
    "2.16.840.1.113883.6.69": "http://hl7.org/fhir/sid/ndc",
    "2.16.840.1.113883.12.292": "http://hl7.org/fhir/sid/cvx",
    "2.16.840.1.113883.4.9": "http://fdasis.nlm.nih.gov",
    "2.16.840.1.113883.6.73": "http://www.whocc.no/atc",
    "2.16.840.1.113883.6.12": "http://www.ama-assn.org/go/cpt",
}
_DATE_TIME = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(T\S+)?)?)?", re.ASCII)
_JOINERS = "\u200c\u200d"  # part of how some languages spell names


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A FHIR date or time: `given` is the date as precise as it was given, `on` its first day.

    `instant` is UTC where a time was given, and sorts; it is the start of `on` otherwise.
    """

    given: str
    on: date
    instant: datetime


def child(parent: JsonObject, name: str) -> JsonObject:
    """Return the named JSON object, empty where there is none."""
    return object_in(parent.get(name))


def words(value: object, *, limit: int = MAX_WORDS_CHARACTERS) -> str:
    """Return a string on one line without control or direction characters, cut at the limit."""
    if not isinstance(value, str):
        return ""
    text = " ".join(value.split())
    if not text.isprintable():
        text = "".join(mark for mark in text if mark.isprintable() or mark in _JOINERS)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def concept_text(concept: JsonObject) -> str:
    """Return a CodeableConcept in words: its text, a display, or the bare code."""
    codings = objects(concept.get("coding"))
    candidates = [words(concept.get("text")), *(words(coding.get("display")) for coding in codings)]
    codes = [f"code {words(coding.get('code'))}" for coding in codings if words(coding.get("code"))]
    return next((text for text in [*candidates, *codes] if text), "")


def first_code(concept: JsonObject, *, prefer: str = "") -> str | None:
    """Return the first coding as "system|code": of the preferred system, else of one that we know, else any."""
    found = [
        (system_of(coding), words(coding.get("code")))
        for coding in objects(concept.get("coding"))
        if words(coding.get("code"))
    ]
    if not found:
        return None
    system, code = min(found, key=lambda coding: _rank(coding[0], prefer))
    return f"{system}|{code}"


def _rank(system: str, prefer: str) -> int:
    """Return 0 for the system to prefer, and more the less is known of a system."""
    if system == prefer:
        return 0
    return 1 if system in PREFERRED_SYSTEMS else 2 if system in KNOWN_SYSTEMS else 3


def system_of(coding: JsonObject) -> str:
    """Return the code system's address, that of its OID where it is given so."""
    system = words(coding.get("system"))
    return OIDS.get(system.removeprefix("urn:oid:"), system)


def codes(concept: JsonObject) -> set[str]:
    """Return the bare codes of all codings."""
    return {words(coding.get("code")) for coding in objects(concept.get("coding"))} - {""}


def status_code(concept: JsonObject) -> str | None:
    """Return the first bare code, for the status elements that are CodeableConcepts."""
    found = first_code(concept)
    return found.rpartition("|")[2] if found else None


def number(value: object) -> float | None:
    """Return a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        read = float(value)
    except OverflowError:
        return None
    return read if math.isfinite(read) else None


def number_text(value: float) -> str:
    """Return a number as the EHR gave it, without a trailing ".0"."""
    return repr(value).removesuffix(".0")


def moment(resource: JsonObject, *names: str) -> Moment | None:
    """Return the first of the named elements that is a date, a time or a Period with a start or an end."""
    for value in _times(resource, names):
        if (found := _moment(value)) is not None:
            return found
    return None


def _times(resource: JsonObject, names: tuple[str, ...]) -> Iterator[object]:
    for name in names:
        value = resource.get(name)
        if isinstance(value, dict):
            yield value.get("start")
            yield value.get("end")
        else:
            yield value


def _moment(value: object) -> Moment | None:
    match = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, time = match.groups()
    try:
        on = date(int(year), int(month or 1), int(day or 1))
        instant = (
            datetime.fromisoformat(match[0]) if time else datetime(on.year, on.month, on.day, tzinfo=UTC)
        )
        aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        return Moment(given=match[0].partition("T")[0], on=on, instant=aware.astimezone(UTC))
    except (ValueError, OverflowError):
        return None
