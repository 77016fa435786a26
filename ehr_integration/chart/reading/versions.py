"""STU3 and R5 resources as R4 ones: the elements that we read get their R4 names and shapes.

Source: the R4 and R5 "differences to previous release" tables of each resource, http://hl7.org/fhir
"""

from collections.abc import Callable, Mapping

from ehr_integration.chart.reading.elements import JsonObject, child, status_code
from ehr_integration.fhir.json_values import objects

RENAMED: Mapping[str, Mapping[str, str]] = {  # type: {STU3 or R5 name: R4 name}
    "Condition": {"assertedDate": "recordedDate", "context": "encounter"},
    "AllergyIntolerance": {"assertedDate": "recordedDate"},
    "Observation": {"context": "encounter"},
    "MedicationRequest": {"context": "encounter"},
    "MedicationAdministration": {  # "occurence" is R5's own spelling
        "occurenceDateTime": "effectiveDateTime",
        "occurencePeriod": "effectivePeriod",
    },
    "Procedure": {
        "occurrenceDateTime": "performedDateTime",
        "occurrencePeriod": "performedPeriod",
        "occurrenceString": "performedString",
        "context": "encounter",
    },
    "Encounter": {"actualPeriod": "period"},
    "DocumentReference": {"indexed": "date", "created": "date"},
}
STATUSES = ("clinicalStatus", "verificationStatus")


def as_r4(resource: JsonObject) -> JsonObject:
    """Return the resource with what we read where R4 has it; itself where nothing differs."""
    kind = resource.get("resourceType")
    if not isinstance(kind, str):
        return resource
    changed = _renamed(resource, RENAMED.get(kind, {}))
    if kind in CHANGES:
        changed = CHANGES[kind](changed)
    return changed


def _renamed(resource: JsonObject, names: Mapping[str, str]) -> JsonObject:
    old = [name for name in names if name in resource and names[name] not in resource]
    if not old:
        return resource
    rest = {name: value for name, value in resource.items() if name not in old}
    return {**rest, **{names[name]: resource[name] for name in reversed(old)}}


def _with_concepts(resource: JsonObject) -> JsonObject:
    """STU3 gives the statuses of a condition or an allergy as bare codes."""
    bare = {name: resource[name] for name in STATUSES if isinstance(resource.get(name), str)}
    return {**resource, **{name: _concept(code) for name, code in bare.items()}} if bare else resource


def _concept(code: object) -> JsonObject:
    return {"coding": [{"code": code}]}


def _allergy(resource: JsonObject) -> JsonObject:
    """R5 gives the type as a concept, and manifestations as concepts or references."""
    changed = _with_concepts(resource)
    kind = changed.get("type")
    if isinstance(kind, dict):
        changed = {**changed, "type": status_code(kind)}
    reactions = objects(changed.get("reaction"))
    if any("concept" in shown for given in reactions for shown in objects(given.get("manifestation"))):
        changed = {**changed, "reaction": [_reaction(given) for given in reactions]}
    return changed


def _reaction(reaction: JsonObject) -> JsonObject:
    shown = [child(given, "concept") or given for given in objects(reaction.get("manifestation"))]
    return {**reaction, "manifestation": shown}


def _medication(resource: JsonObject) -> JsonObject:
    """R5 names a medication by a CodeableReference; STU3 and R5 say otherwise that none was taken or given."""
    changed = _with_medication(resource)
    if changed.get("taken") == "n" or _adherence(changed) in {"not-taking", "stopped"}:
        changed = {**changed, "status": "not-taken"}
    if changed.get("notGiven") is True:
        changed = {**changed, "status": "not-done"}
    for name in ("dosageInstruction", "dosage"):
        doses = objects(changed.get(name))
        if any("doseQuantity" in dose or "asNeeded" in dose for dose in doses):
            changed = {**changed, name: [_dosage(dose) for dose in doses]}
    return changed


def _with_medication(resource: JsonObject) -> JsonObject:
    given = resource.get("medication")
    if not isinstance(given, dict):
        return resource
    rest = {name: value for name, value in resource.items() if name != "medication"}
    if child(given, "concept"):
        return {**rest, "medicationCodeableConcept": given["concept"]}
    return {**rest, "medicationReference": child(given, "reference")}


def _adherence(resource: JsonObject) -> str | None:
    return status_code(child(child(resource, "adherence"), "code"))


def _dosage(dosage: JsonObject) -> JsonObject:
    changed = dict(dosage)
    if "doseQuantity" in changed and "doseAndRate" not in changed:
        changed["doseAndRate"] = [{"doseQuantity": changed.pop("doseQuantity")}]
    if "asNeeded" in changed:
        changed["asNeededBoolean"] = changed.pop("asNeeded")
    return changed


def _observation(resource: JsonObject) -> JsonObject:
    """STU3 names the members of a panel among what is related."""
    if "related" not in resource:
        return resource
    members = [
        child(given, "target")
        for given in objects(resource.get("related"))
        if given.get("type") == "has-member"
    ]
    rest = {name: value for name, value in resource.items() if name != "related"}
    return {**rest, "hasMember": members} if members else resource


def _procedure(resource: JsonObject) -> JsonObject:
    return {**resource, "status": "not-done"} if resource.get("notDone") is True else resource


def _encounter(resource: JsonObject) -> JsonObject:
    """R5 gives classes and reasons as lists; STU3 calls the reason codes reasons."""
    changed = resource
    kinds = objects(changed.get("class"))
    if kinds:
        changed = {**changed, "class": next(iter(objects(kinds[0].get("coding"))), {})}
    reasons = objects(changed.get("reason"))
    if reasons and "reasonCode" not in changed:
        rest = {name: value for name, value in changed.items() if name != "reason"}
        changed = {**rest, "reasonCode": [code for reason in reasons for code in _reason_codes(reason)]}
    return changed


def _reason_codes(reason: JsonObject) -> list[JsonObject]:
    found = [child(value, "concept") for value in objects(reason.get("value"))]
    return found or [reason]


CHANGES: Mapping[str, Callable[[JsonObject], JsonObject]] = {
    "Condition": _with_concepts,
    "AllergyIntolerance": _allergy,
    "MedicationRequest": _medication,
    "MedicationStatement": _medication,
    "MedicationAdministration": _medication,
    "MedicationDispense": _medication,
    "Observation": _observation,
    "Procedure": _procedure,
    "Encounter": _encounter,
}
