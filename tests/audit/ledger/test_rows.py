"""What lies in the database: no name, no id of a patient; rows that go only as a declaration lets them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.domain import Outcome, new_event_id
from audit.errors import SealerBusy
from audit.ledger import sealer as sealer_module
from audit.ledger.sealer import Sealer
from audit.models import Entry, PurgeDeclaration, Seal, Unsealed, WrappedKey
from audit.services import append, recorded_since
from tests.audit.ledger.acts import an_event
from tests.audit.ledger.sealed import sealed

CANARIES = {"patient_id": "zebedee-quarrington", "actor": "dr-wilhelmina-x", "reason": "no-care-canary-7"}


def raw_rows() -> bytes:
    """Return all bytes of all rows of the room's tables."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("audit_"):
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - the tables there are
                for row in cursor.fetchall():
                    found += [
                        bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode()
                        for each in row
                    ]
    return b"\n".join(found)


@pytest.mark.django_db
def test_no_table_holds_who_or_whose() -> None:
    append(an_event(outcome=Outcome.DENIED, **CANARIES))
    sealed()
    raw = raw_rows()
    assert len(raw) > 1000
    for canary in CANARIES.values():
        for form in (canary, canary.upper(), canary[: len(canary) // 2 + 2]):
            for encoding in ("utf-8", "utf-16-le"):
                assert form.encode(encoding) not in raw
                assert form.encode(encoding).hex().encode() not in raw
    (event,) = (each.event for each in recorded_since(datetime(2020, 1, 1, tzinfo=UTC)))
    assert (event.patient_id, event.actor, event.reason) == tuple(CANARIES.values())


@pytest.mark.django_db
def test_the_search_for_canaries_finds_one_that_is_there() -> None:
    WrappedKey.objects.create(
        key_id="zebedee-quarrington", kek_id="", wrapped=b"dr-wilhelmina-x", created_at=timezone.now()
    )
    assert b"zebedee-quarrington" in raw_rows()
    assert b"dr-wilhelmina-x" in raw_rows()


@pytest.mark.django_db
def test_key_rows_that_were_rolled_back_are_made_again(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        append(an_event())
        lost = set(WrappedKey.objects.values_list("key_id", flat=True))
        transaction.set_rollback(True)
    assert len(lost) == 3
    assert not WrappedKey.objects.exists()
    append(an_event())
    assert {key.split("/")[0] for key in WrappedKey.objects.values_list("key_id", flat=True)} == {
        key.split("/")[0] for key in lost
    }
    assert [each.event.patient_id for each in recorded_since(datetime(2020, 1, 1, tzinfo=UTC))] == ["af-ckd"]


def recorded_at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> Entry:
    with monkeypatch.context() as patched:
        patched.setattr("audit.services.timezone.now", lambda: moment)
        return Entry.objects.get(event_id=append(an_event()))


def declare(before: datetime) -> None:
    PurgeDeclaration.objects.create(before=before, declared_at=timezone.now(), event_id=new_event_id())


@pytest.mark.django_db
def test_only_what_a_declaration_covers_can_be_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    seven_years_ago = timezone.now() - timedelta(days=7 * 365)
    old = recorded_at(seven_years_ago, monkeypatch)
    younger = recorded_at(seven_years_ago + timedelta(days=2), monkeypatch)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        old.delete()
    declare(seven_years_ago + timedelta(days=1))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        younger.delete()
    sealed()
    old.delete()
    assert [entry.event_id for entry in Entry.objects.all()] == [younger.event_id]
    assert Seal.objects.count() == 2


@pytest.mark.django_db
def test_a_declaration_covers_what_was_recorded_before_it_and_not_what_was_recorded_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = timezone.now() - timedelta(days=7 * 365)
    entry = recorded_at(moment, monkeypatch)
    declare(moment)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, 365, 6 * 365])
def test_nothing_younger_than_six_years_can_be_declared(days: int) -> None:
    with pytest.raises(DatabaseError, match="kept for six years"), transaction.atomic():
        declare(timezone.now() - timedelta(days=days))


@pytest.mark.django_db
def test_of_two_that_seal_the_same_entries_one_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        append(an_event())
    real, other = sealer_module._waiting, Sealer()

    def read_and_lose_the_race() -> list[Entry]:
        found = real()
        monkeypatch.setattr(sealer_module, "_waiting", real)
        assert other.seal() == 3
        return found

    monkeypatch.setattr(sealer_module, "_waiting", read_and_lose_the_race)
    late = Sealer()
    with pytest.raises(SealerBusy):
        late.seal()
    assert (Seal.objects.count(), Unsealed.objects.count()) == (3, 0)
    append(an_event())
    assert late.seal() == 1
    assert list(Seal.objects.order_by("seq").values_list("seq", flat=True)) == [0, 1, 2, 3]
