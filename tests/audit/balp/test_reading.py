"""An AuditEvent gives back the event, and what it is found by."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from audit.balp.context import NO_CONTEXT, Context
from audit.balp.errors import DocumentInvalid
from audit.balp.reading import event_of, search_values
from audit.domain import Event, Outcome
from tests.audit.balp.acts import PATIENT_ID, acts, document, event


@given(acts())
def test_the_event_comes_back_as_it_was(act: tuple[Event, Context, str]) -> None:
    recorded, context, client = act
    made = document(recorded, context, client=client)
    assert event_of(made) == replace(recorded, client=search_values(made).get("client", ""))


def test_what_an_event_is_found_by() -> None:
    assert search_values(document(event("ask"))) == {
        "patient": PATIENT_ID,
        "user": "alma",
        "client": "web",
        "action": "ask",
        "purpose": "TREAT",
        "date": "2026-11-25",
        "outcome": "0",
        "emergency": False,
    }


def test_what_an_event_does_not_have_is_left_out() -> None:
    made = document(event("sign-in", patient_id="", purpose=""), NO_CONTEXT, client="")
    assert set(search_values(made)) == {"user", "action", "date", "outcome", "emergency"}


@given(acts())
def test_search_values_are_those_of_the_event(act: tuple[Event, Context, str]) -> None:
    recorded, context, client = act
    found = search_values(document(recorded, context, client=client))
    assert (found["user"], found["action"]) == (recorded.actor, recorded.action)
    assert found.get("patient", "") == recorded.patient_id
    assert found.get("purpose", "") == recorded.purpose
    # Not every kind has an application beside the user, but no client is made up.
    assert found.get("client", client) == client


@pytest.mark.parametrize(
    ("action", "purpose", "is_emergency"),
    [("ask", "BTG", True), ("ask", "ETREAT", True), ("break-glass", "TREAT", True), ("ask", "TREAT", False)],
)
def test_an_emergency_is_an_override_or_an_access_for_one(
    action: str, purpose: str, is_emergency: bool
) -> None:
    assert search_values(document(event(action, purpose=purpose)))["emergency"] is is_emergency


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"agent": []},
        {"outcome": "12"},
        {"meta": {"tag": []}},
        {"entity": [{"type": None}]},
    ],
)
def test_what_is_no_document_of_this_record_is_a_typed_error(broken: dict[str, Any]) -> None:
    made = {} if not broken else document(event("ask", outcome=Outcome.DENIED)) | broken
    with pytest.raises(DocumentInvalid, match=r"check\(\)"):
        event_of(made)


def test_an_error_does_not_repeat_the_document() -> None:
    made = document(event("ask")) | {"outcome": "canary-9"}
    with pytest.raises(DocumentInvalid) as caught:
        event_of(made)
    assert "canary-9" not in str(caught.value)
