"""Problems and allergies: observations within concern acts."""

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
    statements,
    value_of,
    when,
    words_of,
)

STATUS, CRITICALITY = "33999-4", "82606-5"  # LOINC
STATUSES = {"55561003": "active", "73425007": "inactive", "413322009": "resolved", "246455001": "recurrence"}
NO_KNOWN_ALLERGIES, NO_KNOWN_DRUG_ALLERGIES = "716186003", "409137002"  # SNOMED CT
DRUG_ALLERGIES = frozenset({"416098002", "419511003", "59037007"})
# What kind of statement a problem observation is, by its template or its code: not status, age, severity.
PROBLEM = "2.16.840.1.113883.10.20.22.4.4"
ALLERGY = "2.16.840.1.113883.10.20.22.4.7"


def conditions(section: Element, context: Context) -> Iterator[JsonObject]:
    """Yield a Condition for each problem observation."""
    for observation in _of_template(section, PROBLEM):
        yield _condition(observation, context)


def _of_template(section: Element, template: str) -> Iterator[Element]:
    for observation in statements(section, "observation"):
        if any(attribute(each, "root") == template for each in path(observation, "templateId")):
            yield observation


def _condition(observation: Element, context: Context) -> JsonObject:
    time = first(observation, "effectiveTime")
    code = concept(first(observation, "value"), context.narrative)
    text = words_of(first(observation, "text"), context.narrative)
    return context.resource(
        "Condition",
        observation,
        {
            "code": code or ({"text": text} if text else None),
            "verificationStatus": {"coding": [{"code": "refuted"}]} if is_negated(observation) else None,
            "clinicalStatus": _concept(_clinical(observation)),
            "onsetDateTime": _end(time, "low") or when(time),
            "abatementDateTime": _end(time, "high"),
            "recordedDate": when(first(observation, "author", "time")),
            "recorder": context.author(observation),
        },
    )


def _end(time: Element | None, name: str) -> str | None:
    return when(first(time, name)) if time is not None else None


def _concept(code: str) -> JsonObject | None:
    return {"coding": [{"code": code}]} if code else None


def _clinical(observation: Element) -> str:
    """Return the status said, else resolved where the time has an end, even an unknown one, else the concern's."""
    said = STATUSES.get(attribute(_related(observation, STATUS), "code"))
    time = first(observation, "effectiveTime")
    if said:
        return said
    if time is not None and first(time, "high") is not None:
        return "resolved"
    act = next(observation.iterancestors(f"{CDA}act"), None)
    return "active" if act is not None and attribute(first(act, "statusCode"), "code") == "active" else ""


def _related(observation: Element, code: str) -> Element | None:
    """Return the value of the observation with this code that belongs to another."""
    for related in path(observation, "entryRelationship", "observation"):
        if attribute(first(related, "code"), "code") == code:
            return first(related, "value")
    return None


def allergies(section: Element, context: Context) -> Iterator[JsonObject]:
    """Yield an AllergyIntolerance for each allergy observation."""
    for observation in _of_template(section, ALLERGY):
        yield _allergy(observation, context)


def _allergy(observation: Element, context: Context) -> JsonObject:
    substance, is_none = _substance(observation, context), is_negated(observation)
    refuted = {"coding": [{"code": "refuted"}]} if is_none and substance else None
    criticality = attribute(_related(observation, CRITICALITY), "code")
    return context.resource(
        "AllergyIntolerance",
        observation,
        {
            "code": substance or (_none_known(observation) if is_none else _unnamed(observation, context)),
            "verificationStatus": refuted,
            "clinicalStatus": _concept(_clinical(observation)),
            "criticality": {"CRITH": "high", "CRITL": "low"}.get(criticality),
            "reaction": _reactions(observation, context),
            "onsetDateTime": when(first(observation, "effectiveTime")),
            "recorder": context.author(observation),
        },
        subject="patient",
    )


def _unnamed(observation: Element, context: Context) -> JsonObject | None:
    text = words_of(first(observation, "text"), context.narrative)
    return {"text": text} if text else None


def _substance(observation: Element, context: Context) -> JsonObject | None:
    entity = first(observation, "participant", "participantRole", "playingEntity")
    if entity is None:
        return None
    name = first(entity, "name")
    text = words_of(name, context.narrative)
    return concept(first(entity, "code"), context.narrative) or ({"text": text} if text else None)


def _none_known(observation: Element) -> JsonObject:
    is_drug = attribute(first(observation, "value"), "code") in DRUG_ALLERGIES
    code = NO_KNOWN_DRUG_ALLERGIES if is_drug else NO_KNOWN_ALLERGIES
    return {"coding": [{"system": "http://snomed.info/sct", "code": code}]}


def _reactions(observation: Element, context: Context) -> list[JsonObject]:
    found = []
    for relation in path(observation, "entryRelationship"):
        reaction = first(relation, "observation")
        if attribute(relation, "typeCode") == "MFST" and reaction is not None:
            shown = value_of(reaction, context.narrative).get("valueCodeableConcept")
            found += [{"manifestation": [shown]}] if shown else []
    return found
