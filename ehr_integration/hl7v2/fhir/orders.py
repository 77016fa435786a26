"""ORC with RXO, RXE, RXA or OBR as FHIR MedicationRequest, MedicationAdministration, Immunization, ServiceRequest."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ehr_integration.hl7v2.fhir.context import Context
from ehr_integration.hl7v2.fhir.elements import (
    JsonObject,
    concept,
    is_number,
    person_name,
    quantity,
    reference,
)
from ehr_integration.hl7v2.message import Segment

CONTROLS = {  # table 0119, what becomes of the order
    **dict.fromkeys(
        ("NW", "OK", "OE", "XO", "XR", "XX", "RO", "RE", "PA", "CH", "SN", "NA", "RL", "SC"), "active"
    ),
    **dict.fromkeys(("CA", "OC", "CR", "OD", "DR"), "cancelled"),
    **dict.fromkeys(("DC", "OR"), "stopped"),
    **dict.fromkeys(("HD", "OH", "HR"), "on-hold"),
    "UA": "cancelled",
}
ORDER_STATUSES = {
    "CM": "completed",
    "DC": "stopped",
    "CA": "cancelled",
    "HD": "on-hold",
    "ER": "entered-in-error",
}
SERVICE_STATUSES = {"cancelled": "revoked", "stopped": "revoked"}
ADMINISTERED = {"CP": "completed", "PA": "completed", "RE": "not-done", "NA": "not-done"}  # table 0322
VACCINATIONS = frozenset({"VXU", "VXR", "VXX"})


@dataclass(kw_only=True)
class Order:
    """An ORC, which may be missing, with the segments that follow it up to the next."""

    control: Segment | None
    details: dict[str, list[Segment]] = field(default_factory=dict)

    def first(self, name: str) -> Segment | None:
        """Return the first segment of a name, None where there is none."""
        return next(iter(self.details.get(name, ())), None)

    def number(self) -> str:
        """Return the order's number: the filler's, else the placer's."""
        control = self.control
        return (control.text(3) or control.text(2)) if control else ""

    def status(self) -> str:
        """Return the FHIR status of a request, by ORC-5 and ORC-1."""
        if self.control is None:
            return "unknown"
        told = ORDER_STATUSES.get(self.control.text(5).upper())
        return told or CONTROLS.get(self.control.text(1).upper(), "unknown")


def orders(context: Context) -> Iterator[JsonObject]:
    """Yield what each order of the message asks for or tells of."""
    for order in _split(context):
        yield from _medication(order, context)
        for given in order.details.get("RXA", ()):
            yield _given(given, order, context)
        if order.control is not None:
            for asked in order.details.get("OBR", ()):
                yield _service(asked, order, context)


def _split(context: Context) -> Iterator[Order]:
    order = Order(control=None)
    for segment in context.message.segments:
        if segment.name == "ORC":
            yield order
            order = Order(control=segment)
        else:
            order.details.setdefault(segment.name, []).append(segment)
    yield order


def _medication(order: Order, context: Context) -> Iterator[JsonObject]:
    """Yield the request; the pharmacy's encoded order goes before the order as it was asked."""
    encoded, asked = order.first("RXE"), order.first("RXO")
    segment = encoded or asked
    if segment is None:
        return
    control = order.control
    code = concept(segment, 2 if encoded else 1)
    text = _dosage(segment, order, amount=(3, 5) if encoded else (2, 4), instructions=7)
    yield context.resource(
        "MedicationRequest",
        [order.number() or context.control_id, segment.text(2 if encoded else 1)],
        {
            "status": order.status(),
            "intent": "order",
            "medicationCodeableConcept": code,
            "authoredOn": context.at(control.text(9)) if control else None,
            "requester": reference(person_name(control, 12, start=2)) if control else None,
            "dosageInstruction": [{"text": text}] if text else None,
        },
    )


def _dosage(segment: Segment, order: Order, *, amount: tuple[int, int], instructions: int) -> str:
    """Return amount, unit, route, frequency and instructions in words."""
    value, unit_field = amount
    unit = segment.text(unit_field, 2) or segment.text(unit_field)
    route, timing = order.first("RXR"), order.first("TQ1")
    dose = " ".join(filter(None, [segment.text(value), unit]))
    by = (route.text(1, 2) or route.text(1)) if route else ""
    often = (timing.text(3, 2) or timing.text(3)) if timing else ""
    told = [segment.text(instructions, 2) or segment.text(instructions)]
    told += [each for each in segment.texts(instructions)[1:] if each]
    return ", ".join(filter(None, [" ".join(filter(None, [dose, by, often])), *told]))


def _given(segment: Segment, order: Order, context: Context) -> JsonObject:
    """Return a vaccination of an immunisation message, else an administration."""
    status = ADMINISTERED.get(segment.text(20).upper(), "unknown")
    status = "entered-in-error" if segment.text(21).upper() == "D" else status
    is_vaccine = context.message.kind in VACCINATIONS
    key = [order.number() or context.control_id, segment.text(5) or segment.text(5, 2), segment.text(3)]
    dose = quantity(segment.text(6), segment, 7) if is_number(segment.text(6)) else None
    if is_vaccine:
        status = "completed" if status == "unknown" else status
        elements = {
            "status": status,
            "vaccineCode": concept(segment, 5),
            "occurrenceDateTime": context.at(segment.text(3)),
        }
        return context.resource("Immunization", key, elements, subject="patient")
    return context.resource(
        "MedicationAdministration",
        key,
        {
            "status": status,
            "medicationCodeableConcept": concept(segment, 5),
            "effectiveDateTime": context.at(segment.text(3)),
            "performer": _performers(person_name(segment, 10, start=2)),
            "dosage": {"dose": dose} if dose else None,
        },
    )


def _performers(name: str) -> list[JsonObject]:
    return [{"actor": {"display": name}}] if name else []


def _service(segment: Segment, order: Order, context: Context) -> JsonObject:
    status = order.status()
    return context.resource(
        "ServiceRequest",
        [
            order.number() or segment.text(3) or segment.text(2) or context.control_id,
            segment.text(4),
            segment.text(1),
        ],
        {
            "status": SERVICE_STATUSES.get(status, status),
            "intent": "order",
            "code": concept(segment, 4),
            "authoredOn": context.at(order.control.text(9)) if order.control else None,
        },
    )
