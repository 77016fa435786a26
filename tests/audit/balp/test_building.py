"""Every act becomes an AuditEvent that FHIR R4 and the profile it claims accept."""

import base64
import json
from datetime import datetime
from typing import Any

import pytest
from fhir.resources.R4B.auditevent import AuditEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.balp.actions import ACTIONS
from audit.balp.building import audit_event
from audit.balp.context import NO_CONTEXT, Context, token_tail
from audit.balp.errors import EventInvalid
from audit.balp.kinds import IHE
from audit.balp.profiles.checking import check
from audit.domain import Event, Outcome
from tests.audit.balp.acts import (
    ANSWER,
    EVENT_ID,
    EVERYTHING,
    OBSERVER,
    PATIENT_ID,
    RECORDED_AT,
    acts,
    document,
    event,
)


def parts(made: dict[str, Any], name: str) -> dict[str, Any]:
    """The agents or entities of a document by the code of their (last) type."""
    return {each["type"].get("coding", [each["type"]])[-1]["code"]: each for each in made[name]}


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_a_complete_act_claims_its_profile_and_keeps_it(action: str) -> None:
    made = document(event(action))
    AuditEvent.model_validate(made)
    assert check(made) == []
    assert made["meta"].get("profile", []) == [ACTIONS[action].profile] * bool(ACTIONS[action].profile)


@pytest.mark.parametrize("outcome", [Outcome.DENIED, Outcome.FAILED])
@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_act_that_did_not_succeed_claims_only_what_it_may(action: str, outcome: Outcome) -> None:
    made = document(event(action, outcome=outcome, reason="role-not-allowed"))
    AuditEvent.model_validate(made)
    assert check(made) == []
    assert bool(made["meta"].get("profile")) == (action == "decide-consent")
    assert made["outcomeDesc"] == "role-not-allowed"


@settings(max_examples=60)
@given(acts())
def test_whatever_is_recorded_is_an_audit_event_of_fhir(act: tuple[Event, Context, str]) -> None:
    recorded, context, client = act
    made = document(recorded, context, client=client)
    AuditEvent.model_validate(made)
    faults = check(made)
    # Where a success lacks what its profile demands, that alone is said.
    assert all("claims" in fault for fault in faults)
    assert json.loads(json.dumps(made)) == made


def test_the_acts_of_today_need_no_context() -> None:
    for action in ("ask", "list-patients", "answer"):
        made = document(event(action), NO_CONTEXT, client="")
        assert made["meta"]["profile"] == [ACTIONS[action].profile]
        assert check(made) == []


@pytest.mark.parametrize(
    ("action", "client_part", "server_part"),
    [
        ("read-record", "110152", "110153"),
        ("search-records", "110153", "110152"),
        ("create-record", "110153", "110152"),
        ("update-record", "110153", "110152"),
        ("delete-record", "110150", "custodian"),
    ],
)
def test_client_and_server_change_places_between_reads_and_the_rest(
    action: str, client_part: str, server_part: str
) -> None:
    agents = parts(document(event(action)), "agent")
    assert agents[client_part]["who"]["identifier"]["value"] == "web"
    assert agents[client_part]["network"] == {"address": "2001:db8::7334", "type": "2"}
    assert agents[server_part]["who"]["identifier"]["value"] == "https://ehr.example.org/fhir"
    assert agents[server_part]["network"]["type"] == "5"


def test_a_query_holds_the_raw_search_in_base64() -> None:
    query = parts(document(event("search-records")), "entity")["2"]
    assert base64.b64decode(query["query"]).decode() == EVERYTHING.query
    assert query["role"]["code"] == "24"


def test_a_search_about_no_patient_is_left_out_for_no_key_could_protect_it() -> None:
    refused = event("search-records", outcome=Outcome.DENIED, patient_id="")
    assert "2" not in parts(document(refused), "entity")


@pytest.mark.parametrize(
    ("outcome", "code"), [(Outcome.SUCCESS, "0"), (Outcome.DENIED, "4"), (Outcome.FAILED, "8")]
)
def test_outcomes(outcome: Outcome, code: str) -> None:
    assert document(event("sign-in", outcome=outcome))["outcome"] == code


@pytest.mark.parametrize(
    ("action", "type_", "subtype"),
    [
        ("sign-in", "110114", "110122"),
        ("sign-out", "110114", "110123"),
        ("start", "110100", "110120"),
        ("stop", "110100", "110121"),
        ("break-glass", "110113", "110127"),
        ("rotate-key", "110113", "110129"),
        ("change-policy", "110113", "110136"),
        ("change-model", "110113", "110131"),
        ("credentials-set", "110113", "110137"),
        ("export-audit", "110106", "110101"),
    ],
)
def test_acts_without_a_balp_profile_have_the_codes_of_dicom(action: str, type_: str, subtype: str) -> None:
    made = document(event(action, patient_id=PATIENT_ID if action == "break-glass" else ""))
    assert (made["type"]["code"], [each["code"] for each in made["subtype"]]) == (type_, [subtype])


def test_an_answer_names_model_checks_commitment_and_receipt_and_no_words() -> None:
    made = document(event("answer"), Context(specialty="cardiology"))
    answer = parts(made, "entity")["answer"]
    told = {each["type"]: each["valueString"] for each in answer["detail"]}
    assert told == {
        **{key: str(value) for key, value in ANSWER.items()},
        "source_ids": '["pubmed:1", "pubmed:2"]',
        "specialty": "cardiology",
    }
    assert answer["what"]["identifier"]["value"] == ANSWER["receipt_id"]
    assert parts(made, "agent")["DEV"]["who"]["identifier"]["value"] == ANSWER["model"]


def test_an_answer_that_needed_no_model_says_so() -> None:
    made = document(event("answer", detail=ANSWER | {"model": None, "prompt_version": ""}))
    AuditEvent.model_validate(made)
    assert check(made) == []
    assert "DEV" not in parts(made, "agent")


def test_a_broken_glass_starts_a_duty_to_review() -> None:
    duty = parts(document(event("break-glass")), "entity")["review-duty"]
    assert duty["what"]["identifier"]["value"] == "olga"
    assert {each["type"]: each["valueString"] for each in duty["detail"]} == {
        "reason": "unconscious",
        "specialty": "cardiology",
        "review_due": "2026-11-28",
    }


def test_a_token_is_named_by_its_jti_or_its_tail() -> None:
    by_id = document(event("ask"), Context(token_id="abc"))
    by_tail = document(event("ask"), Context(token_tail=token_tail("s" * 40 + "t" * 32)))
    assert by_id["agent"][0]["policy"] == ["urn:ietf:params:oauth:jti:abc"]
    assert by_tail["agent"][0]["policy"] == ["t" * 32]
    assert f"{IHE}OAUTHaccessTokenUse.Minimal" in by_id["meta"]["profile"]
    assert f"{IHE}OAUTHaccessTokenUse.Opaque" in by_tail["meta"]["profile"]
    assert check(by_id) == check(by_tail) == []


@given(st.text(max_size=200))
def test_a_tail_is_never_more_than_half_a_token(token: str) -> None:
    tail = token_tail(token)
    assert len(tail) == min(32, len(token) // 2)
    assert token.endswith(tail)


def test_a_time_in_another_zone_is_recorded_in_utc() -> None:
    local = datetime.fromisoformat("2026-11-26T00:15:00.123456+02:00")
    made = audit_event(event("ask"), event_id=EVENT_ID, recorded_at=local, observer=OBSERVER)
    assert made["recorded"] == "2026-11-25T22:15:00.123456Z"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"context": Context(object="Patient/other")}, "another patient"),
        ({"context": Context(authorizer="Patient/other")}, "another patient"),
        ({"context": Context(interaction="patch")}, "read, vread"),
        ({"recorded_at": RECORDED_AT.replace(tzinfo=None)}, "aware"),
        ({"observer": ""}, "observer"),
    ],
)
def test_what_cannot_be_an_audit_event_is_refused_with_the_fix(bad: dict[str, Any], words: str) -> None:
    facts: dict[str, Any] = {"event_id": EVENT_ID, "recorded_at": RECORDED_AT, "observer": OBSERVER} | bad
    with pytest.raises(EventInvalid, match=words):
        audit_event(event("ask"), **facts)


@pytest.mark.parametrize(
    "detail", [{"claims": "4"}, {"claims": True}, {"source_ids": "pubmed:1"}, {"format": 3}]
)
def test_a_detail_of_another_type_is_refused(detail: dict[str, object]) -> None:
    with pytest.raises(EventInvalid, match="details"):
        document(event("ask", detail=detail))


def test_an_event_names_an_actor() -> None:
    with pytest.raises(EventInvalid, match="actor"):
        document(event("ask", actor=""))


@pytest.mark.parametrize(
    "bad",
    [
        {"object": "https://ehr.example.org/Patient/1"},
        {"consent": "no reference"},
        {"token_tail": "x" * 33},
        {"token_id": "a", "token_tail": "b"},
        {"query": "a\0b"},
    ],
)
def test_a_context_that_no_audit_event_may_carry_is_refused(bad: dict[str, str]) -> None:
    with pytest.raises(EventInvalid):
        Context(**bad)
