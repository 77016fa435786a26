"""A patient can be taken out of the record, and every proof stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from audit.errors import EntryUnreadable
from audit.ledger.reading import Opened, Query, find, opened
from audit.ledger.sealer import leaf_of
from audit.ledger.subjects import forget_patient_keys
from audit.models import Checkpoint, Entry, Seal, SubjectKey
from audit.operations.forgetting import shred_patient
from audit.services import append
from audit.tlog.merkle import leaf_hash, merkle_root
from tests.audit.ledger.acts import an_event
from tests.audit.ledger.sealed import sealed

EVER = Query(since=datetime(2020, 1, 1, tzinfo=UTC), until=datetime(9999, 1, 1, tzinfo=UTC))


def everything() -> list[Opened]:
    return list(opened(find(EVER)))


def patient_of(each: Opened) -> str:
    return str(each.document["entity"][0]["what"]["reference"])


@pytest.fixture
def shred(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Shredding, without the clean-up of files that no test's transaction lets happen."""
    monkeypatch.setattr("audit.operations.forgetting._overwrite_what_is_deleted", lambda: None)
    return shred_patient


@pytest.mark.django_db
def test_a_shredded_patient_is_gone_from_the_events_and_the_tree_is_as_it_was(shred: Any) -> None:
    for patient in ("af-ckd", "zebedee", "af-ckd"):
        append(an_event(patient_id=patient))
    sealed()
    before = [bytes(seal.leaf_hash) for seal in Seal.objects.order_by("seq")]
    assert shred("af-ckd") == 1
    assert [(patient_of(each), each.is_shredded) for each in everything()] == [
        ("Patient/?", True),
        ("Patient/zebedee", False),
        ("Patient/?", True),
    ]
    after = [leaf_hash(leaf_of(entry).preimage()) for entry in Entry.objects.order_by("id")]
    assert after == before
    assert merkle_root(after) == bytes(Checkpoint.objects.get().root)


@pytest.mark.django_db
def test_what_else_an_event_says_stays_readable(shred: Any) -> None:
    append(an_event(actor="carla"))
    shred("af-ckd")
    (only,) = everything()
    assert only.is_shredded
    assert only.document["agent"][0]["name"] == "carla"


@pytest.mark.django_db
def test_a_patient_who_comes_back_has_a_new_key_and_the_old_events_stay_shut(
    shred: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        append(an_event())
    sealed()
    old = bytes(SubjectKey.objects.get().wrapped)
    shred("af-ckd")
    append(an_event())
    assert bytes(SubjectKey.objects.get().wrapped) != old
    assert [(patient_of(each), each.is_shredded) for each in everything()] == [
        ("Patient/?", True),
        ("Patient/af-ckd", False),
    ]


@pytest.mark.django_db
def test_a_writer_that_remembers_a_shredded_key_writes_nothing_under_it(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        append(an_event())
    SubjectKey.objects.all().delete()  # another process shreds: this one's memory knows nothing of it
    append(an_event())
    assert [entry.writer_seq for entry in Entry.objects.order_by("id")] == [0, 1]
    sealed()
    assert [each.is_shredded for each in everything()] == [True, False]


@pytest.mark.django_db
def test_another_key_in_a_patients_place_does_not_pass_for_shredding_where_the_entry_was_changed() -> None:
    ids = [append(an_event(patient_id="af-ckd")), append(an_event(patient_id="zebedee"))]
    sealed()
    one, other = (Entry.objects.get(event_id=each) for each in ids)
    one.subject = other.subject
    with pytest.raises(EntryUnreadable):
        list(opened([one]))


@pytest.mark.django_db
def test_a_key_that_was_rolled_back_with_its_event_is_made_again(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        append(an_event())
        transaction.set_rollback(True)
    assert not SubjectKey.objects.exists()
    append(an_event())
    assert [patient_of(each) for each in everything()] == ["Patient/af-ckd"]


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_minute(
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    from audit.ledger import subjects

    now = 1000.0
    monkeypatch.setattr("audit.ledger.subjects.time.monotonic", lambda: now)
    forget_patient_keys()
    with django_capture_on_commit_callbacks(execute=True):
        append(an_event())
    token = bytes(Entry.objects.get().patient_token or b"")
    now += 59
    with django_assert_num_queries(0):
        remembered = subjects.patient_key(token)
    now += 2
    with django_assert_num_queries(1):
        assert subjects.patient_key(token) == remembered


@pytest.mark.django_db
def test_each_quarter_has_a_key_of_its_own_and_shredding_takes_them_all(
    shred: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for moment in (timezone.now() - timedelta(days=100), timezone.now()):
        monkeypatch.setattr("audit.services.timezone.now", lambda moment=moment: moment)
        append(an_event())
    monkeypatch.undo()
    assert SubjectKey.objects.count() == 2
    monkeypatch.setattr("audit.operations.forgetting._overwrite_what_is_deleted", lambda: None)
    assert shred_patient("af-ckd") == 2
    assert [each.is_shredded for each in everything()] == [True, True]
