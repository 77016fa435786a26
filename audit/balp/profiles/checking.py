"""Checks an AuditEvent against FHIR R4, this record, its action's kind and every profile that it claims."""

import re
from collections.abc import Iterator
from typing import Any

from audit.balp.actions import kind_of
from audit.balp.codes import INTERACTION, Coding
from audit.balp.errors import BalpError
from audit.balp.kinds import Kind
from audit.balp.profiles.ours import OUR_PROFILES, RECORD
from audit.balp.profiles.rest import REST_PROFILES
from audit.balp.profiles.rules import Profile, Rule
from audit.balp.profiles.security import SECURITY_PROFILES
from audit.balp.profiles.selecting import children_of, codes_of, elements_at, has_code, parents_of
from audit.balp.reading import event_of

PROFILES = {profile.url: profile for profile in (*REST_PROFILES, *SECURITY_PROFILES, *OUR_PROFILES)}
# "?" is a patient taken out or shredded.
PATIENT_REFERENCE = re.compile(r"Patient/([A-Za-z0-9\-.]{1,64}|\?)")


def check(document: dict[str, Any]) -> list[str]:
    """Return what is wrong with an AuditEvent of this record, nothing where all is well; no content, only paths."""
    claimed = [str(url) for url in elements_at(document, "meta.profile", {})]
    faults = [f"{url}: no profile that this record knows" for url in claimed if url not in PROFILES]
    for url in (RECORD.url, *(url for url in claimed if url in PROFILES)):
        faults += [f"{url}: {fault}" for fault in _faults_of_profile(document, PROFILES[url])]
    return faults or list(_faults_of_kind(document, claimed))


def lineage(profile: Profile) -> tuple[Profile, ...]:
    """Return the profile and its parents."""
    return (profile, *lineage(PROFILES[profile.parent])) if profile.parent else (profile,)


def _faults_of_profile(document: dict[str, Any], profile: Profile) -> Iterator[str]:
    family = lineage(profile)
    rules = [rule for member in family for rule in member.rules]
    codes = {rule.path: rule.codes for rule in rules if rule.codes}
    for rule in rules:
        yield from _faults_of_rule(document, rule, codes)
    for member in family:
        yield from _faults_of_references(document, member, codes)
        yield from _faults_of_closed_lists(document, member, codes)


def _faults_of_rule(document: dict[str, Any], rule: Rule, codes: dict[str, tuple[str, ...]]) -> Iterator[str]:
    segment = rule.path.rpartition(".")[2]
    for parent in parents_of(document, rule.path, codes):
        found = children_of(parent, segment, rule.path, codes)
        if not rule.low <= len(found) <= (len(found) if rule.high is None else rule.high):
            yield f"{rule.path}: {len(found)} times, not {rule.low}..{'*' if rule.high is None else rule.high}"
        if rule.codes and not all(has_code(each, rule.codes) for each in found):
            yield f"{rule.path}: must be {' or '.join(rule.codes)}"


def _faults_of_references(
    document: dict[str, Any], profile: Profile, codes: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    observer = elements_at(document, "source.observer", codes)
    for path in profile.observers:
        if any(who != observer[0] for who in elements_at(document, f"{path}.who", codes) if observer):
            yield f"{path}.who: must be source.observer"
    for path in profile.patients:
        for what in elements_at(document, path, codes):
            reference = what.get("reference") if isinstance(what, dict) else None
            if not PATIENT_REFERENCE.fullmatch(str(reference)):
                yield f"{path}: must be a reference to a patient"


def _faults_of_closed_lists(
    document: dict[str, Any], profile: Profile, codes: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    for name in profile.closed:
        slices = {rule.path for rule in profile.rules if re.fullmatch(rf"{name}\[\w+\]", rule.path)}
        inside = [id(each) for path in slices for each in elements_at(document, path, codes)]
        if any(id(each) not in inside for each in children_of(document, name, name, codes)):
            yield f"{name}: holds what is none of {', '.join(sorted(slices))}"


def _faults_of_kind(document: dict[str, Any], claimed: list[str]) -> Iterator[str]:
    """Yield where the document is not what its action makes of it."""
    try:
        event = event_of(document)
        kind = kind_of(event)
    except BalpError as error:
        yield str(error)
        return
    if not has_code(document["type"], (f"{kind.type.system}|{kind.type.code}",)):
        yield f"type: an act of this action is {kind.type.display}"
    if document["action"] != kind.action:
        yield f"action: must be {kind.action}"
    if not _has_subtypes(document, kind):
        yield "subtype: must be those of the action"
    if kind.profile and kind.profile not in claimed and document["outcome"] == "0":
        yield f"meta.profile: a success of this action claims {kind.profile}"


def _has_subtypes(document: dict[str, Any], kind: Kind) -> bool:
    subtypes = [frozenset(codes_of(each)) for each in elements_at(document, "subtype", {})]
    if kind.interactions:
        allowed = {f"{INTERACTION}|{each}" for each in kind.interactions}
        return len(subtypes) == 1 and subtypes[0] <= allowed
    return subtypes == [frozenset({_code(each)}) for each in kind.subtypes]


def _code(coding: Coding) -> str:
    return f"{coding.system}|{coding.code}"
