"""Any byte of any stored column or tile that is changed makes verification fail."""

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import models as tables
from audit.ledger.checking import check_ledger
from audit.ledger.models import (
    Checkpoint,
    Entry,
    PurgeDeclaration,
    Seal,
    SubjectKey,
    Tile,
    Unsealed,
    WrappedKey,
    Writer,
)
from audit.services import append
from audit.verifier import VerificationFailed
from tests.audit.attacks.ledgers import event, new_process, newest_note, officer, record

pytestmark = pytest.mark.usefixtures("ledger")
# Bound by nothing, as they say nothing about an act: the rows' own numbers, and when a row was put down (the time
# that counts is in the header). A lease holds no part of the record. No purge is declared in this ledger.
UNBOUND = {
    Entry: {"id"},
    Tile: {"id"},
    Unsealed: {"id"},
    WrappedKey: {"id", "created_at"},
    SubjectKey: {"id"},
    Writer: {"started_at"},
    Checkpoint: {"created_at"},
}
BOUND = [
    (model, field.attname)
    for model in (Entry, Seal, Tile, Checkpoint, Writer, WrappedKey, SubjectKey, Unsealed)
    for field in model._meta.concrete_fields
    if field.attname not in UNBOUND.get(model, set())
]


@pytest.fixture
def grown(ledger: None) -> None:
    """Two writers, a full tile, several checkpoints, an entry about no patient, and two that wait."""
    record(140)
    new_process()
    record(118, actor="carla")
    append(event(patient_id=""))
    append(event())
    check_ledger(officer=officer())


def changed(value: Any, data: st.DataObject) -> Any:
    """Return the value with a bit of one byte flipped, or as near to that as its type allows."""
    if isinstance(value, (bytes, memoryview)):
        raw = bytearray(value) or bytearray(1)
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place] ^= 1 << data.draw(st.integers(0, 7))
        return bytes(raw)
    if isinstance(value, str):
        place = data.draw(st.integers(0, len(value) - 1))
        other = data.draw(
            st.characters(min_codepoint=33, max_codepoint=126).filter(lambda each: each != value[place])
        )
        return value[:place] + other + value[place + 1 :]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ (1 << data.draw(st.integers(0, 14)))
    return type(value)(int=value.int ^ (1 << data.draw(st.integers(0, 127))))


def change_a_column(data: st.DataObject, model: type[models.Model], column: str) -> bool:
    """Change one column of one row; say whether the database let it happen."""
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    row = model._default_manager.filter(pk=data.draw(st.sampled_from(keys)))
    (value,) = row.values_list(column, flat=True)
    if column == "recorded_at":
        new = value + data.draw(st.timedeltas().filter(bool).filter(lambda delta: abs(delta.days) < 10_000))
    elif value is None:
        new = 4 if column == "outcome" else b"0" * 16
    else:
        new = changed(value, data)
    try:
        with transaction.atomic():
            return row.update(**{column: new}) == 1
    except IntegrityError:  # a key that is taken
        return False


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_of_any_column_is_bound(grown: None, data: st.DataObject) -> None:
    check_every_column(data)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_of_any_column_is_bound_often(grown: None, data: st.DataObject) -> None:
    check_every_column(data)


def check_every_column(data: st.DataObject) -> None:
    held = newest_note()
    for model, column in BOUND:
        with transaction.atomic():
            if change_a_column(data, model, column):
                assert is_a_lie(held), f"{model.__name__}.{column}"
            transaction.set_rollback(True)


def is_a_lie(held: bytes) -> bool:
    try:
        check_ledger(held=[held], officer=officer())
    except VerificationFailed:
        return True
    return False


def test_every_table_of_the_record_is_looked_at() -> None:
    known = {model for model, _ in BOUND} | {PurgeDeclaration, tables.Lease}
    assert {getattr(tables, name) for name in tables.__all__} == known
