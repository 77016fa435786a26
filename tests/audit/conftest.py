"""What tests of the record share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection


@pytest.fixture
def without_entries(db: None) -> Iterator[None]:
    """A database that takes no entry: the table is away, as on a disk that went read-only."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry RENAME TO audit_entry_away")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry_away RENAME TO audit_entry")


@pytest.fixture(autouse=True)
def own_spool(settings: Any, tmp_path: Path) -> Path:
    """A spool of the test's own."""
    settings.TACIT_AUDIT_SPOOL = tmp_path / "spool"
    return tmp_path / "spool"
