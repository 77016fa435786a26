"""PV1 and PV2 as a FHIR Encounter."""

from collections.abc import Iterator

from ehr_integration.hl7v2.fhir.context import Context
from ehr_integration.hl7v2.fhir.elements import JsonObject, concept, person_name, reference, without_absent

ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CLASSES = {"I": "IMP", "B": "IMP", "E": "EMER", "O": "AMB", "R": "AMB", "P": "PRENC"}  # table 0004
STATUSES = {  # table 0003, what each event says of the visit
    **dict.fromkeys(("A01", "A02", "A04", "A06", "A07", "A08", "A12", "A13", "A32"), "in-progress"),
    **dict.fromkeys(("A05", "A14", "A15", "A16", "A25"), "planned"),
    **dict.fromkeys(("A11", "A27", "A38"), "cancelled"),
    "A03": "finished",
    "A10": "arrived",
    "A09": "in-progress",
    "A21": "onleave",
    "A22": "in-progress",
}


def encounters(context: Context) -> Iterator[JsonObject]:
    """Yield the visit of the message, where PV1 says what kind it is."""
    visit = next(iter(context.message.all("PV1")), None)
    if visit is None:
        return
    kind = CLASSES.get(visit.text(2).upper())
    reason = next((concept(each, 3) for each in context.message.all("PV2")), None)
    start, end = context.at(visit.text(44)), context.at(visit.text(45))
    if not (kind or start or visit.text(19)):
        return
    yield context.resource(
        "Encounter",
        [visit.text(19) or context.control_id],
        {
            "status": _status(context, has_ended=end is not None),
            "class": {"system": ACT_CODE, "code": kind} if kind else None,
            "period": without_absent({"start": start, "end": end}),
            "reasonCode": [reason] if reason else None,
            "participant": _participants(person_name(visit, 7, start=2)),
        },
    )


def _status(context: Context, *, has_ended: bool) -> str:
    if context.message.kind != "ADT":
        return "finished" if has_ended else "unknown"
    told = STATUSES.get(context.message.event, "unknown")
    return "finished" if has_ended and told in {"in-progress", "unknown"} else told


def _participants(name: str) -> list[JsonObject]:
    who = reference(name)
    return [{"individual": who}] if who else []
