"""Substance administrations: what is taken is a MedicationStatement, what is intended a MedicationRequest."""

from collections.abc import Iterator

from ehr_integration.ccda.context import Context
from ehr_integration.ccda.elements import (
    TYPE,
    Element,
    JsonObject,
    attribute,
    concept,
    first,
    is_negated,
    path,
    period,
    quantity,
    statements,
    words_of,
)

STATUSES = {"active": "active", "completed": "completed", "aborted": "stopped", "suspended": "on-hold"}


def medications(section: Element, context: Context) -> Iterator[JsonObject]:
    """Yield each substance administration that names a medication."""
    for given in statements(section, "substanceAdministration"):
        material = first(given, "consumable", "manufacturedProduct", "manufacturedMaterial")
        if material is not None:
            yield _medication(given, material, context)


def _medication(given: Element, material: Element, context: Context) -> JsonObject:
    name = words_of(first(material, "name"), context.narrative)
    code = concept(first(material, "code"), context.narrative) or ({"text": name} if name else None)
    taken = next((found for each in path(given, "effectiveTime") if (found := period(each))), None)
    status = _status(given, taken, context)
    text = _dosage(given, context)
    if attribute(given, "moodCode") != "EVN" and not is_negated(given):
        return context.resource(
            "MedicationRequest",
            given,
            {
                "status": status,
                "intent": "order",
                "medicationCodeableConcept": code,
                "authoredOn": (taken or {}).get("start"),
                "requester": context.author(given),
                "dosageInstruction": [{"text": text}] if text else None,
            },
        )
    return context.resource(
        "MedicationStatement",
        given,
        {
            "status": "not-taken" if is_negated(given) else status,
            "medicationCodeableConcept": code,
            "effectivePeriod": taken,
            "informationSource": context.author(given),
            "dosage": [{"text": text}] if text else None,
        },
    )


def _status(given: Element, taken: JsonObject | None, context: Context) -> str:
    """Return the status; one that ended before the document was made is completed, whatever is said."""
    said = STATUSES.get(attribute(first(given, "statusCode"), "code"), "unknown")
    ended = (taken or {}).get("end")
    if said == "active" and ended and context.made_at and ended[:10] < context.made_at[:10]:
        return "completed"
    return said


def _dosage(given: Element, context: Context) -> str:
    dose = quantity(first(given, "doseQuantity"))
    route = (concept(first(given, "routeCode"), context.narrative) or {}).get("text", "")
    amount = f"{dose['value']:g} {dose.get('unit', '')}".strip() if dose else ""
    return " ".join(filter(None, [amount, route, _frequency(given)]))


def _frequency(given: Element) -> str:
    """Return "every 6 h" of a PIVL_TS, "" of anything else."""
    for time in path(given, "effectiveTime"):
        each = first(time, "period")
        if attribute(time, TYPE).endswith("PIVL_TS") and (found := quantity(each)):
            return f"every {found['value']:g} {found.get('unit', '')}".strip()
    return ""
