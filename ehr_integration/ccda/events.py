"""Procedures and encounters."""

from collections.abc import Iterator

from ehr_integration.ccda.context import Context
from ehr_integration.ccda.elements import (
    CDA,
    Element,
    JsonObject,
    attribute,
    concept,
    first,
    is_negated,
    path,
    period,
    statements,
    when,
    words_of,
)

STATUSES = {"completed": "completed", "active": "in-progress", "aborted": "stopped", "cancelled": "not-done"}
KINDS = ("procedure", "observation", "act")
ACT_CODES = "2.16.840.1.113883.5.4"


def procedures(section: Element, context: Context) -> Iterator[JsonObject]:
    """Yield a Procedure for each procedure, and each act or observation that the section enters as one."""
    for entry in path(section, "entry"):
        for kind in KINDS:
            for done in path(entry, kind):
                yield _procedure(done, context)


def _procedure(done: Element, context: Context) -> JsonObject:
    is_planned = attribute(done, "moodCode") not in {"EVN", ""}
    said = STATUSES.get(attribute(first(done, "statusCode"), "code"), "unknown")
    status = "not-done" if is_negated(done) else "preparation" if is_planned else said
    text = words_of(first(done, "text"), context.narrative)
    author = context.author(done)
    return context.resource(
        "Procedure",
        done,
        {
            "status": status,
            "code": concept(first(done, "code"), context.narrative) or ({"text": text} if text else None),
            "performedDateTime": when(first(done, "effectiveTime")),
            "recorder": author,
        },
    )


def encounters(section: Element, context: Context) -> Iterator[JsonObject]:
    """Yield an Encounter for each encounter that took place."""
    for visit in statements(section, "encounter"):
        if attribute(visit, "moodCode") not in {"EVN", ""} or is_negated(visit):
            continue
        code = first(visit, "code")
        diagnoses = [
            found
            for value in visit.iter(f"{CDA}value")
            if attribute(value, "code") and (found := concept(value, context.narrative))
        ]
        kind = concept(code, context.narrative)
        yield context.resource(
            "Encounter",
            visit,
            {
                "status": "finished",
                "class": _class(code),
                "type": [kind] if kind else None,
                "period": period(first(visit, "effectiveTime")),
                "reasonCode": diagnoses[:1],
            },
        )


def _class(code: Element | None) -> JsonObject | None:
    if code is None:
        return None
    for each in (code, *path(code, "translation")):
        if attribute(each, "codeSystem") == ACT_CODES:
            return {
                "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                "code": attribute(each, "code"),
            }
    return None
