"""DG1, PRB, AL1 and PR1: diagnoses, problems, allergies and procedures."""

from collections.abc import Iterator

from ehr_integration.hl7v2.fhir.context import Context
from ehr_integration.hl7v2.fhir.elements import JsonObject, concept, person_name, reference
from ehr_integration.hl7v2.message import Segment

CATEGORIES = {
    "DA": "medication",
    "MA": "medication",
    "FA": "food",
    "EA": "environment",
    "AA": "environment",
    "PA": "environment",
}
CRITICALITIES = {"SV": "high", "MO": "low", "MI": "low"}  # table 0128
ENTERED_IN_ERROR = {"coding": [{"code": "entered-in-error"}]}
CLOSED = ("resolved", "inactive", "deleted", "closed", "remission")


def conditions(context: Context) -> Iterator[JsonObject]:
    """Yield a Condition for each diagnosis and problem."""
    for segment in context.message.all("DG1"):
        yield _diagnosis(segment, context)
    for segment in context.message.all("PRB"):
        yield _problem(segment, context)


def _diagnosis(segment: Segment, context: Context) -> JsonObject:
    code = concept(segment, 3) or ({"text": segment.text(4)} if segment.text(4) else None)
    is_deleted = segment.text(21).upper() == "D"
    kind = segment.text(6).upper()
    verification = "entered-in-error" if is_deleted else "provisional" if kind == "W" else None
    return context.resource(
        "Condition",
        ["DG1", segment.text(20) or segment.text(3) or segment.text(4)],
        {
            "code": code,
            "verificationStatus": {"coding": [{"code": verification}]} if verification else None,
            "recordedDate": context.at(segment.text(5) or segment.text(19)),
            "recorder": reference(person_name(segment, 16, start=2)),
        },
    )


def _problem(segment: Segment, context: Context) -> JsonObject:
    life = f"{segment.text(14)} {segment.text(14, 2)}".lower()
    is_deleted = segment.text(1).upper() == "DE"
    ended = context.at(segment.text(9))
    clinical = "resolved" if ended or any(word in life for word in CLOSED) else "active"
    return context.resource(
        "Condition",
        ["PRB", segment.text(4) or segment.text(3)],
        {
            "code": concept(segment, 3),
            "verificationStatus": ENTERED_IN_ERROR if is_deleted else None,
            "clinicalStatus": None if is_deleted else {"coding": [{"code": clinical}]},
            "onsetDateTime": context.at(segment.text(16)),
            "abatementDateTime": ended,
            "recordedDate": context.at(segment.text(7) or segment.text(2)),
        },
    )


def allergies(context: Context) -> Iterator[JsonObject]:
    """Yield an AllergyIntolerance for each AL1."""
    for segment in context.message.all("AL1"):
        category = CATEGORIES.get(segment.text(2).upper())
        reactions = [{"text": text} for text in segment.texts(5) if text]
        yield context.resource(
            "AllergyIntolerance",
            [segment.text(3) or segment.text(3, 2) or segment.text(1)],
            {
                "code": concept(segment, 3),
                "category": [category] if category else None,
                "criticality": CRITICALITIES.get(segment.text(4).upper()),
                "reaction": [{"manifestation": reactions}] if reactions else None,
                "onsetDateTime": context.at(segment.text(6)),
            },
            subject="patient",
        )


def procedures(context: Context) -> Iterator[JsonObject]:
    """Yield a Procedure for each PR1."""
    for segment in context.message.all("PR1"):
        code = concept(segment, 3) or ({"text": segment.text(4)} if segment.text(4) else None)
        yield context.resource(
            "Procedure",
            [segment.text(19) or segment.text(3) or segment.text(4), segment.text(5)],
            {
                "status": "entered-in-error" if segment.text(20).upper() == "D" else "completed",
                "code": code,
                "performedDateTime": context.at(segment.text(5)),
            },
        )
