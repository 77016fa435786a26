"""An envelope opens in its own row, under its own keys, and nowhere else."""

import os
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from audit.errors import EntryUnreadable
from audit.ledger.encoding import associated_data, canonical, commitment_of
from audit.ledger.envelope import Envelope, opened_body, opened_subject, sealed

EVENT = UUID("01932f00-0000-7000-8000-000000000001")
PLACE: dict[str, Any] = {
    "event_id": EVENT,
    "tenant": "default",
    "key_id": "data/2026-11-25/1-aa",
    "header": b"{}",
}
DOCUMENT = {
    "agent": [{"who": {"identifier": {"value": "alma"}}}],
    "entity": [
        {
            "type": {"system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": "1"},
            "what": {"reference": "Patient/zebedee-quarrington"},
        }
    ],
}
KEY, SUBJECT_KEY = os.urandom(32), os.urandom(32)


@pytest.fixture
def envelope(settings: Any) -> Envelope:
    settings.TACIT_AUDIT_TENANT = PLACE["tenant"]
    return sealed(
        DOCUMENT,
        event_id=EVENT,
        header=PLACE["header"],
        data_key=(PLACE["key_id"], KEY),
        subject_key=SUBJECT_KEY,
    )


def test_body_and_patient_open_apart_and_the_commitment_binds_both(envelope: Envelope) -> None:
    data = associated_data(**PLACE)
    salt, body = opened_body(envelope, key=KEY, data=data)
    assert b"quarrington" not in body
    assert opened_subject(envelope.subject, key=SUBJECT_KEY, data=data) == "zebedee-quarrington"
    assert envelope.commitment == commitment_of(salt, canonical(DOCUMENT))


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"event_id": UUID("01932f00-0000-7000-8000-000000000002")},
        {"tenant": "another"},
        {"key_id": "data/2026-11-25/1-ab"},
        {"header": b'{"outcome":"0"}'},
    ],
)
def test_it_opens_nowhere_else(envelope: Envelope, elsewhere: dict[str, Any]) -> None:
    data = associated_data(**PLACE | elsewhere)
    with pytest.raises(EntryUnreadable, match="does not open"):
        opened_body(envelope, key=KEY, data=data)
    with pytest.raises(EntryUnreadable, match="does not open"):
        opened_subject(envelope.subject, key=SUBJECT_KEY, data=data)


def test_another_key_does_not_open_it(envelope: Envelope) -> None:
    data = associated_data(**PLACE)
    with pytest.raises(EntryUnreadable):
        opened_body(envelope, key=SUBJECT_KEY, data=data)
    with pytest.raises(EntryUnreadable):
        opened_subject(envelope.subject, key=KEY, data=data)


def opened_both(envelope: Envelope, data: bytes) -> None:
    opened_body(envelope, key=KEY, data=data)
    opened_subject(envelope.subject, key=SUBJECT_KEY, data=data)


@pytest.mark.parametrize("name", ["nonce", "ciphertext", "subject"])
def test_no_byte_can_be_changed(envelope: Envelope, name: str) -> None:
    data, value = associated_data(**PLACE), getattr(envelope, name)
    for place in range(len(value)):
        changed = replace(envelope, **{name: value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]})
        with pytest.raises(EntryUnreadable):
            opened_both(changed, data)


def test_the_same_document_never_looks_the_same_twice(settings: Any) -> None:
    seen = {
        sealed(DOCUMENT, event_id=EVENT, header=b"{}", data_key=("k", KEY), subject_key=SUBJECT_KEY)
        for _ in range(20)
    }
    for name in ("commitment", "nonce", "ciphertext", "subject"):
        assert len({getattr(each, name) for each in seen}) == 20


def test_a_document_about_nobody_has_no_subject() -> None:
    document = DOCUMENT | {"entity": []}
    made = sealed(document, event_id=EVENT, header=b"{}", data_key=("k", KEY), subject_key=None)
    assert made.subject == b""
