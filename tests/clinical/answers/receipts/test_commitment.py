"""One commitment for one answer, however its file is written; another for every other answer."""

import copy
import hashlib
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clinical.answers.document import answer_document
from clinical.answers.receipts.commitment import CURRENT, FORMATS, commitment_of
from clinical.answers.receipts.reading import document_in
from clinical.answers.services import last_event
from tests.clinical.web.conftest import answer_events

SALT = bytes(range(32))
FINISHED = last_event(answer_events())
DOCUMENT: dict[str, Any] = json.loads(json.dumps(answer_document(FINISHED.answer, FINISHED.receipt)))
COMMITMENT = commitment_of(DOCUMENT, "q", SALT)

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(scalars, lambda each: st.lists(each) | st.dictionaries(st.text(), each), max_leaves=8)
documents = st.dictionaries(st.text().filter(lambda key: key not in {"receipt", "question"}), values)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values that hold no others."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inside = [place for key, each in pairs for place in places(each, (*path, key))]
    return inside or [path]


def changed(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    copied = copy.deepcopy(document)
    around: Any = copied
    for key in path[:-1]:
        around = around[key]
    around[path[-1]] = value
    return copied


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def shuffled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    return [shuffled(each) for each in value] if isinstance(value, list) else value


COVERED = [path for path in places(DOCUMENT) if path[0] != "receipt"]


@given(path=st.sampled_from(COVERED), value=scalars)
def test_a_changed_value_is_another_answer(path: tuple[Any, ...], value: Any) -> None:
    old = at(DOCUMENT, path)
    is_same_number = type(value) in {int, float} and type(old) in {int, float} and value == old
    assume(not is_same_number and not (type(value) is type(old) and value == old))
    assert commitment_of(changed(DOCUMENT, path, value), "q", SALT) != COMMITMENT


@given(key=st.text().filter(lambda key: key not in {*DOCUMENT, "question"}), value=values)
def test_a_key_that_nobody_knows_counts_too(key: str, value: Any) -> None:
    assert commitment_of({**DOCUMENT, key: value}, "q", SALT) != COMMITMENT


@pytest.mark.parametrize("key", [key for key in DOCUMENT if key != "receipt"])
def test_a_key_that_is_missing_is_missed(key: str) -> None:
    rest = {name: value for name, value in DOCUMENT.items() if name != key}
    assert commitment_of(rest, "q", SALT) != COMMITMENT


@settings(max_examples=40)
@given(documents, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_key_order_space_and_escapes_do_not_count(
    document: dict[str, Any], indent: Any, ensure_ascii: bool
) -> None:
    text = json.dumps(shuffled(document), indent=indent, ensure_ascii=ensure_ascii)
    try:
        saved = document_in(text.encode())
    except UnicodeEncodeError:
        assume(False)
    if saved is None:  # infinity is no JSON
        assume(False)
    assert isinstance(saved, dict)
    assert commitment_of(saved, "q", SALT) == commitment_of(document, "q", SALT)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_being_saved(number: float) -> None:
    saved = json.loads(json.dumps({"value": number}))
    assert commitment_of(saved, "q", SALT) == commitment_of({"value": number}, "q", SALT)


@pytest.mark.parametrize(
    ("python", "javascript"),
    [("4.0", "4"), ("-0.0", "0"), ("1e-05", "0.00001"), ("1e+16", "10000000000000000"), ("1.50", "1.5")],
)
def test_a_number_that_javascript_wrote_is_the_same(python: str, javascript: str) -> None:
    ours, theirs = ({"value": json.loads(each)} for each in (python, javascript))
    assert commitment_of(ours, "q", SALT) == commitment_of(theirs, "q", SALT)


@given(st.text())
def test_unicode_is_not_normalised(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC"):
        other = unicodedata.normalize(form, text)
        if other != text:
            assert commitment_of({"text": other}, "q", SALT) != commitment_of({"text": text}, "q", SALT)
    assert commitment_of({}, "caf\u00e9", SALT) != commitment_of({}, "cafe\u0301", SALT)


def test_question_salt_and_format_count() -> None:
    assert commitment_of(DOCUMENT, "Q", SALT) != COMMITMENT
    assert commitment_of(DOCUMENT, "q", SALT[::-1]) != COMMITMENT
    assert len({commitment_of(DOCUMENT, "q", SALT, receipt_format=each) for each in FORMATS}) == len(FORMATS)


def test_the_first_version_is_what_it_was() -> None:
    document = {"value": 4.0, "text": "µ", "receipt_id": "r", "receipt": {"salt": "s"}}
    written = '{"question":"q","receipt_id":"r","text":"µ","value":4.0}'
    expected = hashlib.sha256(b"tacit-receipt-v1\x00" + SALT + written.encode()).hexdigest()
    assert commitment_of(document, "q", SALT, receipt_format="tacit-receipt-v1") == expected


def test_the_current_version_is_what_the_document_says() -> None:
    written = '{"question":"q","receipt_id":"r","text":"µ","value":4}'
    expected = hashlib.sha256(CURRENT.encode() + b"\x00" + SALT + written.encode()).hexdigest()
    assert commitment_of({"value": 4.0, "text": "µ", "receipt_id": "r"}, "q", SALT) == expected
