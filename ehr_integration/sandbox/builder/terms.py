"""The FHIR pieces that every resource is made of: codes, statuses and dates."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

Resource: TypeAlias = dict[str, Any]
Entry: TypeAlias = Mapping[str, Any]

SYSTEMS = {
    "snomed": "http://snomed.info/sct",
    "icd10": "http://hl7.org/fhir/sid/icd-10-cm",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "loinc": "http://loinc.org",
}
HL7 = "http://terminology.hl7.org/CodeSystem/"
UCUM = "http://unitsofmeasure.org"


def concept(entry: Entry) -> Resource:
    """Return the CodeableConcept of an entry: its `text`, and the [code, display] pairs that it names."""
    coding = [
        {"system": system, "code": entry[name][0], "display": entry[name][1]}
        for name, system in SYSTEMS.items()
        if name in entry
    ]
    return {"coding": coding, "text": entry["text"]} if coding else {"text": entry["text"]}


def hl7_concept(system: str, code: str) -> Resource:
    """Return a CodeableConcept of an HL7 code system, given by the last part of its address."""
    return {"coding": [{"system": HL7 + system, "code": code}]}


def moment(value: date | str | None) -> str | None:
    """Return a FHIR date or dateTime; text passes as it is, so that a record may say "2019" or be wrong."""
    return value.isoformat() if isinstance(value, date) else value


def present(**elements: object) -> Resource:
    """Return the elements that have a value, since FHIR has no null."""
    return {name: value for name, value in elements.items() if value is not None}
