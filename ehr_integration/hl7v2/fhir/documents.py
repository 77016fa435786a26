"""TXA with its OBX segments, and reports of imaging, as FHIR DocumentReferences."""

from base64 import b64encode
from collections.abc import Iterator, Sequence

from ehr_integration.hl7v2.fhir.context import Context
from ehr_integration.hl7v2.fhir.elements import JsonObject, concept, person_name, reference
from ehr_integration.hl7v2.fhir.observations import groups, section_of
from ehr_integration.hl7v2.message import Segment

TEXTUAL = frozenset({"TX", "FT", "ST"})
AUTHENTICATED = frozenset({"AU", "LA"})  # table 0271
RETIRED = {"OB": "superseded", "CA": "entered-in-error"}  # table 0273
CANCELLED = "T11"


def documents(context: Context) -> Iterator[JsonObject]:
    """Yield a note for each TXA, and for each report in words of an imaging department."""
    for segment in context.message.all("TXA"):
        yield _document(segment, context)
    for group in groups(context):
        if group.order is not None and section_of(group.order) == "imaging":
            yield from _report(group.order, [each for each, _ in group.results], context)


def _document(segment: Segment, context: Context) -> JsonObject:
    is_cancelled = context.message.event == CANCELLED
    is_authenticated = segment.text(17).upper() in AUTHENTICATED
    return context.resource(
        "DocumentReference",
        ["TXA", segment.text(12) or context.control_id],
        {
            "status": "entered-in-error"
            if is_cancelled
            else RETIRED.get(segment.text(19).upper(), "current"),
            "docStatus": "final" if is_authenticated else "preliminary",
            "type": concept(segment, 2),
            "date": context.at(segment.text(4) or segment.text(6)),
            "author": _authors(person_name(segment, 9, start=2) or segment.text(9)),
            "content": _content(context.message.all("OBX")),
        },
    )


def _report(order: Segment, results: Sequence[Segment], context: Context) -> Iterator[JsonObject]:
    content = _content(results)
    if content:
        yield context.resource(
            "DocumentReference",
            ["OBR", order.text(3) or order.text(2) or context.control_id],
            {
                "status": "current",
                "type": concept(order, 4),
                "date": context.at(order.text(22) or order.text(7)),
                "content": content,
            },
        )


def _content(results: Sequence[Segment]) -> list[JsonObject]:
    """Return the words of all results as one attachment, and each enclosed file as another."""
    words = ["\n".join(filter(None, each.texts(5))) for each in results if each.text(2).upper() in TEXTUAL]
    text = "\n".join(filter(None, words))
    attachments = [{"contentType": "text/plain; charset=utf-8", "data": b64encode(text.encode()).decode()}]
    enclosed = [_enclosed(each) for each in results if each.text(2).upper() == "ED"]
    return [{"attachment": each} for each in (attachments if text else []) + [one for one in enclosed if one]]


def _enclosed(segment: Segment) -> JsonObject | None:
    """Return an encapsulated document: type, subtype, encoding, data. Source: HL7 v2.8, section 2A.3.24."""
    kind, subtype, encoding, data = (segment.text(5, part) for part in (2, 3, 4, 5))
    if not data or encoding.lower() != "base64":
        return None
    name = f"{kind}/{subtype}".lower() if subtype else kind.lower()
    return {"contentType": {"text/": "text/plain", "text": "text/plain"}.get(name, name), "data": data}


def _authors(name: str) -> list[JsonObject]:
    who = reference(name)
    return [who] if who else []
