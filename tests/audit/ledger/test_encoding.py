"""The bytes that are hashed: written a second time here, and unambiguous."""

import hashlib
import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.ledger.encoding import Leaf, canonical, length_prefixed
from audit.ledger.sealer import leaf_of
from audit.models import Entry, Seal
from audit.services import append
from audit.tlog.merkle import leaf_hash
from tests.audit.ledger.acts import an_event, preimage
from tests.audit.ledger.sealed import sealed

LEAVES = st.builds(
    Leaf,
    event_id=st.uuids(),
    writer_id=st.uuids(),
    writer_seq=st.integers(0, 2**63 - 1),
    key_id=st.text(max_size=80),
    **{
        name: st.binary(max_size=60)
        for name in ("header", "tokens", "commitment", "nonce", "ciphertext", "subject")
    },
)


@pytest.mark.django_db
@pytest.mark.parametrize("event", [an_event(), an_event(action="sign-in", patient_id="", purpose="")])
def test_a_stored_entry_is_the_leaf_that_the_format_describes_and_the_sealer_hashed(event: Any) -> None:
    event_id = append(event)
    sealed()
    entry = Entry.objects.get(event_id=event_id)
    assert leaf_of(entry).preimage() == preimage(entry)
    expected = hashlib.sha256(b"\x00" + preimage(entry)).digest()
    assert bytes(Seal.objects.get(event_id=event_id).leaf_hash) == expected == leaf_hash(preimage(entry))


@given(LEAVES, LEAVES)
def test_two_leaves_that_differ_have_different_bytes(one: Leaf, other: Leaf) -> None:
    assert (one == other) == (one.preimage() == other.preimage())


@given(LEAVES, st.data())
def test_each_part_of_a_leaf_is_bound(leaf: Leaf, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*vars(leaf)]))
    value = getattr(leaf, name)
    changed = {
        UUID: lambda: UUID(int=value.int ^ 1),
        int: lambda: value ^ 1,
        str: lambda: value + "x",
        bytes: lambda: value + b"\0",
    }[type(value)]()
    assert replace(leaf, **{name: changed}).preimage() != leaf.preimage()


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4))
def test_no_two_lists_of_parts_look_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (one == other) == (length_prefixed(*one) == length_prefixed(*other))


@given(
    st.dictionaries(st.text(max_size=9), st.integers(-(2**53), 2**53) | st.text() | st.booleans(), max_size=6)
)
def test_the_canonical_form_does_not_depend_on_the_order_and_loses_nothing(document: dict[str, Any]) -> None:
    try:
        text = canonical(document)
    except UnicodeEncodeError:  # half a surrogate pair is no text
        return
    assert canonical(dict(reversed(document.items()))) == text
    assert json.loads(text) == document
    assert b": " not in canonical({"a": 1, "b": "c"})
