"""Every test has a writer and keys of its own, as a process that has just started."""

from collections.abc import Iterator

import pytest

from audit.ledger.keys import forget_keys
from audit.ledger.subjects import forget_patient_keys
from audit.ledger.writer import forget_writers


def forget_everything() -> None:
    forget_writers()
    forget_keys()
    forget_patient_keys()


@pytest.fixture(autouse=True)
def as_after_a_start() -> Iterator[None]:
    forget_everything()
    yield
    forget_everything()
