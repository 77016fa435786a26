import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from ehr_integration.cds_hooks.errors import RequestInvalid
from ehr_integration.cds_hooks.feedback import MOST_ENTRIES, read_feedback
from tests.ehr_integration.cds_hooks.documents import overridden, told


def read(*entries):
    return read_feedback(json.dumps({"feedback": list(entries)}).encode())


def refusal(*entries):
    with pytest.raises(RequestInvalid) as caught:
        read(*entries)
    return caught.value.rule_id


def test_what_became_of_cards_is_read():
    accepted, dismissed = read(told(), overridden())
    assert accepted.card == UUID("4e0a3a1e-3283-4575-ab82-028d55fe2719")
    assert accepted.accepted_suggestions == (UUID("e56e1945-20b3-4393-8503-a1a20fd73152"),)
    assert accepted.at == datetime(2026, 5, 1, 10, 5, 31, tzinfo=UTC)
    assert (dismissed.outcome, dismissed.reason_system, dismissed.reason_code) == (
        "overridden",
        "urn:reasons",
        "known",
    )
    assert read() == ()


def test_the_same_may_be_told_twice():
    assert len(read(told(), told())) == 2


def test_nobodys_words_come_in():
    reason = {"system": "urn:reasons", "code": "known", "display": "canary-1"}
    spoken = overridden(
        overrideReason={"reason": reason, "userComment": "canary-2"}, extension={"x": "canary-3"}
    )
    smuggled = overridden(overrideReason={"reason": {"system": "urn:x", "code": "canary-4 is a sentence"}})
    foreign = overridden(overrideReason={"reason": {"system": "canary-5 of mine", "code": "known"}})
    assert "canary" not in repr(read(spoken, smuggled, foreign))


def test_what_is_not_as_the_specification_has_it_is_refused():
    assert refusal(told(outcome="ignored")) == "cds-fb-1"
    assert refusal(told(outcome={"a": 1})) == "form:outcome"
    assert refusal(told(acceptedSuggestions=None)) == "cds-fb-2"
    assert refusal(told(card="canary")) == "form:card"
    assert refusal(told(outcomeTimestamp="2026-05-01")) == "form:outcomeTimestamp"
    assert refusal(*[told()] * (MOST_ENTRIES + 1)) == "feedback"
    with pytest.raises(RequestInvalid):
        read_feedback(b'{"feedback": "x"}')
