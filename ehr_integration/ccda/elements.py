"""CDA data types as FHIR elements: codes, times, quantities, names, and the narrative that they point to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ehr_integration.chart.reading.elements import OIDS
from ehr_integration.hl7v2.fhir.elements import is_number
from ehr_integration.hl7v2.fhir.times import as_date_time

JsonObject = dict[str, Any]
Element = etree._Element  # noqa: SLF001 - lxml has no public name for it

CDA = "{urn:hl7-org:v3}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
# ICD-9-CM has a second one, for procedures. Source: HL7 OID registry.
SYSTEMS = OIDS | {"2.16.840.1.113883.6.104": "http://hl7.org/fhir/sid/icd-9-cm"}
MAX_NARRATIVE = 100_000


@dataclass(frozen=True)
class Narrative:
    """The text that entries refer to, by the ID of its element."""

    by_id: Mapping[str, Element]

    def at(self, reference: str) -> str:
        """Return the words at "#id", "" where there are none."""
        found = self.by_id.get(reference.removeprefix("#"))
        return "" if found is None else plain_text(found)


def path(parent: Element, *names: str) -> list[Element]:
    """Return the descendants along the names, one level each, in order."""
    return list(parent.iterfind("/".join(f"{CDA}{name}" for name in names)))


def first(parent: Element, *names: str) -> Element | None:
    """Return the first of them, None where there is none."""
    return next(iter(path(parent, *names)), None)


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute without white space around it, "" where absent."""
    return (element.get(name) or "").strip() if element is not None else ""


def plain_text(element: Element) -> str:
    """Return the words of a narrative, its blocks apart."""
    return " ".join(" ".join(str(part).split()) for part in element.itertext()).strip()[:MAX_NARRATIVE]


def concept(element: Element | None, narrative: Narrative) -> JsonObject | None:
    """Return a coded element as a CodeableConcept, its translations included; None where it says nothing."""
    if element is None:
        return None
    codings = [found for one in (element, *path(element, "translation")) if (found := _coding(one))]
    text = words_of(first(element, "originalText"), narrative) or attribute(element, "displayName")
    found = {"coding": codings, "text": attribute(element, "displayName") or text}
    return {name: value for name, value in found.items() if value} or None


def _coding(element: Element) -> JsonObject | None:
    code, display = attribute(element, "code"), attribute(element, "displayName")
    if not code:
        return None
    oid = attribute(element, "codeSystem")
    system = SYSTEMS.get(oid) or (f"urn:oid:{oid}" if oid else "")
    return {
        "code": code,
        **({"display": display} if display else {}),
        **({"system": system} if system else {}),
    }


def words_of(element: Element | None, narrative: Narrative) -> str:
    """Return the text of an element: its own, or what it refers to in the narrative."""
    if element is None:
        return ""
    own = plain_text(element)
    return own or narrative.at(attribute(first(element, "reference"), "value"))


def is_negated(element: Element) -> bool:
    """Whether a statement says that something is not so."""
    return attribute(element, "negationInd").lower() in {"true", "1"}


def when(element: Element | None) -> str | None:
    """Return the FHIR time of a TS, or of the beginning or centre of an IVL_TS."""
    if element is None:
        return None
    parts = (element, first(element, "low"), first(element, "center"), first(element, "high"))
    return next((at for part in parts if (at := as_date_time(attribute(part, "value")))), None)


def period(element: Element | None) -> JsonObject | None:
    """Return the FHIR Period of an IVL_TS, None where it has neither end."""
    if element is None:
        return None
    ends = {name: as_date_time(attribute(first(element, end), "value")) for name, end in ENDS.items()}
    ends["start"] = ends["start"] or as_date_time(attribute(element, "value"))
    return {name: value for name, value in ends.items() if value} or None


ENDS = {"start": "low", "end": "high"}


def quantity(element: Element | None) -> JsonObject | None:
    """Return a PQ or INT as a Quantity: its unit is UCUM in CDA. None where it has no number."""
    value, unit = attribute(element, "value"), attribute(element, "unit")
    if not is_number(value):
        return None
    found: JsonObject = {"value": float(value)}
    if unit and unit != "1":
        found |= {"unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    return found


def value_of(observation: Element, narrative: Narrative) -> JsonObject:
    """Return the value of an observation; a nullFlavor becomes the reason for its absence."""
    for value in path(observation, "value"):
        kind = attribute(value, TYPE).rpartition(":")[2]
        if found := _value(value, kind, narrative):
            return found
        if flavor := attribute(value, "nullFlavor"):
            return {"dataAbsentReason": {"text": NULL_FLAVORS.get(flavor, "unknown")}}
    return {}


# Source: HL7 v3 NullFlavor.
NULL_FLAVORS = {"UNK": "unknown", "NI": "no information", "NA": "not applicable", "MSK": "masked"} | {
    "ASKU": "asked but unknown",
    "NAV": "temporarily unavailable",
    "NASK": "not asked",
}


def _value(value: Element, kind: str, narrative: Narrative) -> JsonObject:
    if kind in {"PQ", "INT", "REAL", "MO"}:
        found = quantity(value)
        return {"valueQuantity": found} if found else {}
    if kind == "IVL_PQ":
        return _interval(value)
    if kind in {"CD", "CE", "CO", "CV", "CS"}:
        coded = concept(value, narrative)
        return {"valueCodeableConcept": coded} if coded else {}
    if kind in {"TS", "IVL_TS"}:
        at = when(value)
        return {"valueDateTime": at} if at else {}
    if kind == "BL" and attribute(value, "value"):
        return {"valueBoolean": attribute(value, "value") == "true"}
    text = words_of(value, narrative)
    return {"valueString": text} if text else {}


def _interval(value: Element) -> JsonObject:
    """Return a range, or a number with a comparator where one end is missing."""
    low, high = quantity(first(value, "low")), quantity(first(value, "high"))
    if low and high:
        return {"valueRange": {"low": low, "high": high}}
    for end, name, closed, opened in ((low, "low", ">=", ">"), (high, "high", "<=", "<")):
        if end:
            is_closed = attribute(first(value, name), "inclusive") != "false"
            return {"valueQuantity": {**end, "comparator": closed if is_closed else opened}}
    return {}


def name_of(element: Element | None) -> str:
    """Return a person's or organisation's name in words."""
    return "" if element is None else plain_text(element)


def statements(parent: Element, kind: str) -> Iterator[Element]:
    """Yield the statements of a kind at any depth: acts and organizers hold them."""
    return parent.iter(f"{CDA}{kind}")
