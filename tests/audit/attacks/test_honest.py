"""What is no lie verifies."""

import pytest

from audit.ledger.checking import check_ledger
from audit.services import append
from tests.audit.attacks.ledgers import event, newest_note, officer, record

pytestmark = pytest.mark.usefixtures("ledger")


def test_an_untouched_ledger_verifies() -> None:
    record(7)
    held = newest_note()
    record(300, actor="carla")
    append(event(patient_id=""))
    report = check_ledger(held=[held], officer=officer())
    assert (report.size, report.entries, report.unsealed, report.macs_checked) == (307, 307, 1, 308)
    assert report.held_sizes == [7]


def test_a_new_installation_verifies() -> None:
    assert check_ledger().size == 0
