"""Results, vital signs and what social history says of pregnancy: FHIR Observations."""

from collections.abc import Iterator
from functools import partial

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
    statements,
    value_of,
    when,
)

STATUSES = {"completed": "final", "active": "preliminary", "aborted": "cancelled", "held": "registered"}
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
PREGNANCY = frozenset({"82810-3", "11449-6", "11778-8", "11779-6", "11780-4", "11781-2"})  # LOINC
PREGNANT = "77386006"  # SNOMED CT
STATUS_CODE = {"coding": [{"system": "http://loinc.org", "code": "82810-3"}], "text": "Pregnancy status"}


def observations(section: Element, context: Context, *, category: str) -> Iterator[JsonObject]:
    """Yield an Observation for each observation of the section that has a value, outside of another."""
    for observation in statements(section, "observation"):
        parent = observation.getparent()
        if parent is not None and parent.tag == f"{CDA}entryRelationship":
            continue
        yield _observation(observation, context, category)


results = partial(observations, category="laboratory")
vital_signs = partial(observations, category="vital-signs")


def _observation(observation: Element, context: Context, category: str) -> JsonObject:
    organizer = next(observation.iterancestors(f"{CDA}organizer"), None)
    time = when(first(observation, "effectiveTime"))
    if time is None and organizer is not None:
        time = when(first(organizer, "effectiveTime"))
    status = STATUSES.get(attribute(first(observation, "statusCode"), "code"), "unknown")
    author = context.author(observation)
    return context.resource(
        "Observation",
        observation,
        {
            "status": "cancelled" if is_negated(observation) else status,
            "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
            "code": concept(first(observation, "code"), context.narrative),
            "effectiveDateTime": time,
            "performer": [author] if author else None,
            "interpretation": [
                found
                for each in path(observation, "interpretationCode")
                if (found := concept(each, context.narrative))
            ],
            **value_of(observation, context.narrative),
        },
    )


def pregnancies(section: Element, context: Context) -> Iterator[JsonObject]:
    """Yield the status and the expected date of delivery; other observations of social history are not read."""
    for observation in statements(section, "observation"):
        code = attribute(first(observation, "code"), "code")
        is_assertion = code == "ASSERTION" and attribute(first(observation, "value"), "code") == PREGNANT
        if code in PREGNANCY:
            yield _observation(observation, context, "social-history")
        elif is_assertion and not is_negated(observation):
            yield {**_observation(observation, context, "social-history"), "code": STATUS_CODE}
