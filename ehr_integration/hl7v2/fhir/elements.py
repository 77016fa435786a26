"""Fields as FHIR elements: codes, numbers with units, names, identifiers."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ehr_integration.hl7v2.message import Segment

JsonObject = dict[str, Any]

# Source: HL7 table 0396, coding systems, and the FHIR names of the same.
SYSTEMS = {
    "LN": "http://loinc.org",
    "LOINC": "http://loinc.org",
    "SCT": "http://snomed.info/sct",
    "SNM": "http://snomed.info/sct",
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "NDC": "http://hl7.org/fhir/sid/ndc",
    "CVX": "http://hl7.org/fhir/sid/cvx",
    "I9": "http://hl7.org/fhir/sid/icd-9-cm",
    "I9C": "http://hl7.org/fhir/sid/icd-9-cm",
    "I9CDX": "http://hl7.org/fhir/sid/icd-9-cm",
    "I10": "http://hl7.org/fhir/sid/icd-10",
    "I10C": "http://hl7.org/fhir/sid/icd-10-cm",
    "C4": "http://www.ama-assn.org/go/cpt",
    "CPT": "http://www.ama-assn.org/go/cpt",
    "UCUM": "http://unitsofmeasure.org",
    "ATC": "http://www.whocc.no/atc",
}
UCUM = SYSTEMS["UCUM"]
# Units as HL7's own ISO+ writes them, in UCUM. Source: HL7 v2.3, chapter 7, figure 7-10.
ISO_PLUS = {"giga.l-1": "10*9/L", "tera.l-1": "10*12/L", "10*9.l-1": "10*9/L", "10*12.l-1": "10*12/L"}
NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{0,30})?|[+-]?\.\d{1,30}")
OID = re.compile(r"[0-2](\.\d+)+")


def concept(segment: Segment, field: int) -> JsonObject | None:
    """Return the first repetition of a coded field as a CodeableConcept, None where it is empty."""
    return next(iter(concepts(segment, field)), None)


def concepts(segment: Segment, field: int) -> list[JsonObject]:
    """Return each repetition of a coded field as a CodeableConcept."""
    return [found for row in segment.repetitions(field) if (found := _concept(row))]


def _concept(row: Sequence[Sequence[str]]) -> JsonObject | None:
    first = [parts[0] if parts else "" for parts in row] + [""] * 9
    codings = [coding for at in (0, 3) if (coding := _coding(*first[at : at + 3]))]
    text = first[8] or first[1] or first[4] or ("" if codings and "system" in codings[0] else first[0])
    found = {"coding": codings, "text": text}
    return {name: value for name, value in found.items() if value} or None


def _coding(code: str, display: str, system: str) -> JsonObject | None:
    if not code:
        return None
    known = SYSTEMS.get(system.upper())
    return {"code": code, **({"display": display} if display else {}), **({"system": known} if known else {})}


def is_number(text: str) -> bool:
    """Whether a value is a decimal number as HL7 writes it."""
    return NUMBER.fullmatch(text) is not None


def quantity(value: str, segment: Segment, unit_field: int) -> JsonObject:
    """Return a Quantity of a number and the unit of a field: code only where it is said to be UCUM."""
    code, name = segment.text(unit_field), segment.text(unit_field, 2)
    found: JsonObject = {"value": float(value)}
    if code or name:
        found["unit"] = name or code
    if code and segment.text(unit_field, 3).upper() == "UCUM":
        found |= {"system": UCUM, "code": code}
    elif code:
        found["unit"] = ISO_PLUS.get(code, code)
    return found


def identifier(value: str, authority: Sequence[str]) -> JsonObject:
    """Return an Identifier; `authority` is a name and a universal id, each perhaps empty."""
    system = next((f"urn:oid:{part}" for part in authority if OID.fullmatch(part)), "")
    name = next(filter(None, authority), "")
    found: JsonObject = {"value": value}
    if system:
        found["system"] = system
    elif name:
        found["assigner"] = {"display": name}
    return found


def person_name(segment: Segment, field: int, *, start: int = 1) -> str:
    """Return a name in words, from XPN (family first) or, with `start` 2, from XCN, after its id."""
    parts = [segment.text(field, start + at) for at in (4, 1, 2, 0, 3)]
    return " ".join(filter(None, parts))


def reference(display: str) -> JsonObject | None:
    """Return a Reference by name only, None for none."""
    return {"display": display} if display else None


def without_absent(resource: Mapping[str, Any]) -> JsonObject:
    """Return the resource without elements that are None or empty."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}
