"""The ledger under attack: its triggers are gone, as whoever owns the database can see to."""

from collections.abc import Iterator

import pytest

from tests.audit.attacks.ledgers import new_process, take_the_guards_away


@pytest.fixture
def ledger(db: None) -> Iterator[None]:
    new_process()
    take_the_guards_away()
    yield
    new_process()
