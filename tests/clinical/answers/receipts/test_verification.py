"""Whether a saved answer is the one that was given, by the record."""

import copy
import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.domain import Outcome as Recorded
from audit.domain import RecordedEvent, new_event_id
from audit.ledger.models import Seal
from audit.services import BEGINNING_OF_TIME, recorded_since
from audit.tlog.errors import InclusionInvalid
from clinical.answers.receipts.commitment import commitment_of
from clinical.answers.receipts.domain import Outcome, Verification
from clinical.answers.receipts.reading import DEEPEST, document_in
from clinical.answers.receipts.verification import verify_receipt
from compliance.access.models import Account, CareRelationship
from compliance.errors import AccessDenied
from tests.audit.ledger.sealed import sealed
from tests.clinical.answers.receipts.conftest import QUESTION, Give
from tests.clinical.answers.receipts.test_commitment import at, changed, places

Cast = dict[str, Account]


def verified(cast: Cast, document: object, *, by: str = "olga", question: str = "") -> Verification:
    return verify_receipt(cast[by].actor, document, question=question)


def looks() -> list[RecordedEvent]:
    return [row for row in recorded_since(BEGINNING_OF_TIME) if row.event.action == "verify-receipt"]


def recommitted(document: dict[str, Any]) -> dict[str, Any]:
    """The document with a commitment made anew, as a forger would."""
    receipt = document["receipt"]
    made = commitment_of(document, document["question"], bytes.fromhex(receipt["salt"]))
    return {**document, "receipt": {**receipt, "commitment": made}}


def test_what_was_given_is_genuine_and_the_record_says_when_and_to_whom(cast: Cast, give: Give) -> None:
    document = give()
    found = verified(cast, document)
    assert found.outcome is Outcome.GENUINE
    assert found.given is not None
    answered = next(row for row in recorded_since(BEGINNING_OF_TIME) if row.event.action == "answer")
    assert (found.given.by, found.given.role, found.given.purpose) == ("alma", "clinician", "TREAT")
    assert (found.given.at, found.given.event_id) == (answered.recorded_at, answered.id)
    assert (found.given.model, found.given.prompt_version) == (document["model"], document["prompt_version"])
    assert found.given.place is None


def test_a_sealed_answer_has_its_place_under_the_first_checkpoint_over_it(cast: Cast, give: Give) -> None:
    document = give()
    sealed()
    first = verified(cast, document).given
    sealed()  # the look itself
    found = verified(cast, document).given
    assert found is not None
    assert found.place is not None
    assert found == first
    assert found.place.position < found.place.checkpoint_size
    assert Seal.objects.get(event_id=found.event_id).seq == found.place.position


def test_an_entry_that_is_not_in_the_tree_proves_nothing(
    cast: Cast, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = give()
    sealed()
    monkeypatch.setattr("audit.ledger.places.leaf_hash", lambda _: bytes(32))
    with pytest.raises(InclusionInvalid):
        verified(cast, document)
    assert [row.event.outcome for row in looks()] == [Recorded.SUCCESS, Recorded.FAILED]


def test_the_question_may_be_given_beside_the_file(cast: Cast, give: Give) -> None:
    document = give()
    del document["question"]
    assert verified(cast, document).outcome is Outcome.QUESTION_MISSING
    assert verified(cast, document, question=f"\n{QUESTION}  ").is_genuine
    assert verified(cast, document, question=QUESTION.lower()).outcome is Outcome.ALTERED


def test_a_question_that_is_not_that_of_the_file_is_told(cast: Cast, give: Give) -> None:
    found = verified(cast, {**give(), "question": "Another?"}, question=QUESTION)
    assert (found.outcome, "not the one in the file" in found.message) == (Outcome.ALTERED, True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(data=st.data())
def test_no_value_of_the_file_can_be_changed(cast: Cast, give: Give, data: st.DataObject) -> None:
    document = give()
    path = data.draw(st.sampled_from(places(document)))
    old = at(document, path)
    value = f"{old}x" if isinstance(old, str) else [old]
    assert not verified(cast, changed(document, path, value)).is_genuine
    assert verified(cast, document).is_genuine


@pytest.mark.parametrize(
    ("change", "words", "differs"),
    [
        ({"message": "Not so."}, "a commitment cannot tell", ()),
        ({"status": "refused", "claims": []}, "a commitment cannot tell", ("status", "claims")),
        ({"dropped_claims": True, "model": None}, "a commitment cannot tell", ("model",)),
        ({"prompt_version": {}, "claims": 7}, "a commitment cannot tell", ("claims", "prompt_version")),
    ],
)
def test_what_the_record_knows_otherwise_is_named(
    cast: Cast, give: Give, change: dict[str, Any], words: str, differs: tuple[str, ...]
) -> None:
    found = verified(cast, {**give(), **change})
    assert (found.outcome, found.differs) == (Outcome.ALTERED, differs)
    assert words in found.message


def test_a_commitment_made_anew_is_told_from_one_that_was_spoiled(cast: Cast, give: Give) -> None:
    forged = verified(cast, recommitted({**give(), "message": "Not so."}))
    assert "agrees with itself and not with the record" in forged.message
    document = give()
    document["receipt"]["commitment"] = "00" * 32
    spoiled = verified(cast, document)
    assert "the commitment in the file is not" in spoiled.message
    neither = verified(cast, {**document, "message": "Not so."})
    assert "Neither" in neither.message
    assert {each.outcome for each in (forged, spoiled, neither)} == {Outcome.ALTERED}


def test_another_answers_receipt_does_not_fit(cast: Cast, give: Give) -> None:
    one, other = give(), give(question="Another?")
    swapped = {**one, "receipt_id": other["receipt_id"], "receipt": other["receipt"]}
    assert verified(cast, swapped).outcome is Outcome.ALTERED


@pytest.mark.parametrize(
    "receipt_id", [str(new_event_id()), str(UUID(int=0x7 << 76 | 0x2 << 62))], ids=["of today", "of long ago"]
)
def test_a_receipt_that_the_record_does_not_hold_is_unknown(cast: Cast, give: Give, receipt_id: str) -> None:
    assert verified(cast, {**give(), "receipt_id": receipt_id}).outcome is Outcome.UNKNOWN_RECEIPT


def test_a_receipt_of_the_far_future_is_unknown(cast: Cast, give: Give) -> None:
    far = str(UUID(int=(2**48 - 1) << 80 | 0x7 << 76 | 0x2 << 62))
    assert verified(cast, {**give(), "receipt_id": far}).outcome is Outcome.UNKNOWN_RECEIPT


@pytest.mark.parametrize(
    "document",
    [
        *(None, [], "x", 1, {}, {"receipt": []}),
        {"receipt": {}, "receipt_id": "x"},
        {"receipt": {"format": "another"}, "receipt_id": str(new_event_id())},
        {"receipt": {"salt": "AB" * 32, "commitment": "ab" * 32}, "receipt_id": str(new_event_id())},
        {"receipt": {"salt": "ab" * 32, "commitment": "ab" * 32}, "receipt_id": str(UUID(int=4))},
        {"receipt": {"salt": "ab" * 32, "commitment": "ab" * 32}, "receipt_id": [1]},
        {"receipt": {"salt": "ab" * 32, "commitment": "ab" * 32, "by": 1}, "receipt_id": str(new_event_id())},
    ],
)
def test_what_is_no_receipt_is_told(cast: Cast, document: object) -> None:
    assert verified(cast, document, question="q").outcome is Outcome.NOT_A_RECEIPT


def test_a_later_version_is_not_called_altered(cast: Cast, give: Give) -> None:
    later = {**give(), "receipt": {"format": "tacit-receipt-v9", "proof": []}}
    assert verified(cast, later).outcome is Outcome.UNKNOWN_VERSION


def test_receipts_of_the_first_version_still_verify(
    cast: Cast, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first(document: dict[str, Any], question: str, salt: bytes) -> str:
        return commitment_of(document, question, salt, receipt_format="tacit-receipt-v1")

    with monkeypatch.context() as patched:
        patched.setattr("clinical.answers.document.commitment_of", first)
        document = give()
    del document["receipt"]["format"]
    assert verified(cast, document).is_genuine
    assert not verified(cast, {**document, "message": "Not so."}).is_genuine


def test_a_clinician_verifies_their_own_and_learns_nothing_of_others(cast: Cast, give: Give) -> None:
    CareRelationship.objects.create(clinician=cast["carla"], patient_id="af-ckd")
    document = give("alma")
    assert verified(cast, document, by="alma").is_genuine
    others = verified(cast, document, by="carla")
    assert (others.outcome, others.given) == (Outcome.UNKNOWN_RECEIPT, None)


@pytest.mark.parametrize("username", ["ada", "ravi"])
def test_other_roles_may_not_and_the_attempt_is_recorded(cast: Cast, give: Give, username: str) -> None:
    with pytest.raises(AccessDenied):
        verified(cast, give(), by=username)
    assert [(row.event.actor, row.event.outcome) for row in looks()] == [(username, Recorded.DENIED)]


def test_every_verification_is_recorded_by_its_receipt_and_without_content(cast: Cast, give: Give) -> None:
    document = give()
    verified(cast, document, by="alma")
    verified(cast, {**document, "receipt": None})
    assert [(row.event.actor, dict(row.event.detail)) for row in looks()] == [
        ("alma", {"receipt_id": document["receipt_id"]}),
        ("olga", {}),
    ]


def test_a_file_is_read_as_it_was_saved(give: Give) -> None:
    document = give()
    text = json.dumps(document, ensure_ascii=False)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert document_in(text.encode(encoding)) == document
    assert document_in('"µ"'.encode("latin-1")) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "{",
            '{"a": NaN}',
            '{"a": 1, "a": 2}',
            '[{"a": 1, "b": {"c": 1, "c": 1}}]',
            '"\\x"',
            "9" * 5_000,
        ),
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        "[" * 100_000,
    ],
)
def test_a_file_that_could_be_read_in_two_ways_is_not_read(text: str) -> None:
    assert document_in(text.encode()) is None


def test_half_a_surrogate_pair_is_another_answer(cast: Cast, give: Give) -> None:
    document = copy.deepcopy(give())
    document["message"] = "\ud800"
    assert verified(cast, document).outcome is Outcome.ALTERED
