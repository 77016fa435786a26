"""The check sees every mandatory element that is missing, every wrong code, and never breaks."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.balp.actions import ACTIONS
from audit.balp.context import Context
from audit.balp.kinds import IHE
from audit.balp.profiles.checking import PROFILES, check, lineage
from audit.balp.profiles.ours import RECORD
from audit.balp.profiles.selecting import SEGMENT, children_of, parents_of
from tests.audit.balp.acts import EVERYTHING, document, event

TOKENS = {
    "OAUTHaccessTokenUse.Minimal": Context(token_id="abc"),
    "OAUTHaccessTokenUse.Opaque": Context(token_tail="x" * 32),
}
# One action of each kind.
KINDS = {id(kind): action for action, kind in sorted(ACTIONS.items(), reverse=True)}
DOCUMENTS = {
    **{action: document(event(action)) for action in KINDS.values()},
    **{name: document(event("ask"), context) for name, context in TOKENS.items()},
    "consent by token": document(event("decide-consent"), replace(EVERYTHING, token_id="abc")),
}


def rules_of(made: dict[str, Any]) -> Iterator[tuple[str, Any, dict[str, tuple[str, ...]]]]:
    for url in (RECORD.url, *made["meta"].get("profile", [])):
        rules = [rule for member in lineage(PROFILES[url]) for rule in member.rules]
        codes = {rule.path: rule.codes for rule in rules if rule.codes}
        yield from ((url, rule, codes) for rule in rules)


def removals() -> Iterator[Any]:
    """Each mandatory element of each document, once."""
    for name, made in DOCUMENTS.items():
        seen = set()
        for _, rule, codes in rules_of(made):
            there = parents_of(made, rule.path, codes)
            if rule.low >= 1 and there and rule.path not in seen:
                seen.add(rule.path)
                yield pytest.param(made, rule.path, codes, id=f"{name}-{rule.path}")


@pytest.mark.parametrize(("made", "path", "codes"), list(removals()))
def test_without_a_mandatory_element_the_check_complains(
    made: dict[str, Any], path: str, codes: dict[str, tuple[str, ...]]
) -> None:
    changed = copy.deepcopy(made)
    assert check(changed) == []
    segment = path.rpartition(".")[2]
    name = SEGMENT.fullmatch(segment)
    assert name is not None
    for parent in parents_of(changed, path, codes):
        gone = children_of(parent, segment, path, codes)
        values = parent[name[1]]
        if isinstance(values, list):
            parent[name[1]] = [each for each in values if not any(each is other for other in gone)]
        else:
            del parent[name[1]]
    assert changed != made
    assert check(changed) != []


def wrong_codes() -> Iterator[Any]:
    """Each element with a fixed code, in each document that has it."""
    for name, made in DOCUMENTS.items():
        optional = {rule.path for _, rule, _ in rules_of(made) if rule.low == 0}
        for _, rule, codes in rules_of(made):
            parent_path, _, segment = rule.path.rpartition(".")
            if segment == "type" and parent_path in optional:
                continue  # of another type it is no longer of this optional slice
            found = [
                each
                for parent in parents_of(made, rule.path, codes)
                for each in children_of(parent, segment, rule.path, codes)
            ]
            if rule.codes and found:
                yield pytest.param(made, rule.path, codes, id=f"{name}-{rule.path}")


@pytest.mark.parametrize(("made", "path", "codes"), list(wrong_codes()))
def test_with_another_code_the_check_complains(
    made: dict[str, Any], path: str, codes: dict[str, tuple[str, ...]]
) -> None:
    changed = copy.deepcopy(made)
    segment = path.rpartition(".")[2]
    for parent in parents_of(changed, path, codes):
        for each in children_of(parent, segment, path, codes):
            if isinstance(each, dict):
                each.clear()
                each.update({"system": "urn:other", "code": "other"})
            else:
                name = segment.partition("[")[0]
                parent[name] = "other"
    assert check(changed) != []


def changed_document(action: str = "ask") -> dict[str, Any]:
    return copy.deepcopy(document(event(action)))


def test_a_forbidden_element_is_seen() -> None:
    made = changed_document("search-records")
    next(each for each in made["entity"] if "query" in each)["detail"] = [{"type": "a", "valueString": "b"}]
    assert any("entity[query].detail" in fault for fault in check(made))
    made = changed_document("decide-consent")
    made["agent"][0]["network"] = {"address": "::1"}
    assert any("agent[user].network" in fault for fault in check(made))


def test_a_second_patient_is_seen() -> None:
    made = changed_document()
    made["entity"].append(made["entity"][0])
    assert any("entity[patient]: 2 times" in fault for fault in check(made))


def test_what_a_closed_list_does_not_name_is_seen() -> None:
    made = changed_document("decide-consent")
    made["entity"].append({"type": {"system": "urn:other", "code": "other"}})
    assert any(fault.endswith("entity[consent], entity[patient], entity[token]") for fault in check(made))


@pytest.mark.parametrize("action", ["disclose", "receive-disclosure", "decide-consent"])
def test_the_observer_must_be_the_agent_that_recorded(action: str) -> None:
    made = changed_document(action)
    made["source"]["observer"] = {"identifier": {"value": "elsewhere"}}
    assert any("must be source.observer" in fault for fault in check(made))


def test_a_patient_is_named_by_reference() -> None:
    made = changed_document()
    made["entity"][0]["what"] = {"reference": "Group/1"}
    assert any("reference to a patient" in fault for fault in check(made))


def test_a_success_that_claims_no_profile_is_seen() -> None:
    made = changed_document()
    del made["meta"]["profile"]
    assert [f"a success of this action claims {IHE}PatientRead" in fault for fault in check(made)] == [True]


def test_a_profile_that_nobody_knows_is_seen() -> None:
    made = changed_document()
    made["meta"]["profile"].append("urn:other")
    assert check(made) == ["urn:other: no profile that this record knows"]


@pytest.mark.parametrize(
    "changes",
    [
        {"type": {"system": "urn:other", "code": "other"}},
        {"action": "D"},
        {"subtype": []},
        {"subtype": [{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110123"}]},
    ],
)
def test_an_act_whose_profile_is_not_ours_keeps_its_codes(changes: dict[str, Any]) -> None:
    assert check(changed_document("sign-in") | changes) != []


def test_an_action_that_is_not_in_the_table_is_seen() -> None:
    made = changed_document("sign-in")
    made["meta"]["tag"][0]["code"] = "whistle"
    assert any("audit/balp/actions.py" in fault for fault in check(made))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ELEMENTS = sorted(document(event("decide-consent")))


@settings(max_examples=300)
@given(st.sampled_from(sorted(ACTIONS)), st.sampled_from(ELEMENTS), JSON)
def test_any_json_in_any_element_is_checked_and_never_breaks_the_check(
    action: str, element: str, value: Any
) -> None:
    assert isinstance(check(changed_document(action) | {element: value}), list)
