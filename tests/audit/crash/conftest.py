"""A ledger of the test's own, on the database that the tests run on, for processes that may be killed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.benchmark.databases import Database, postgresql_database, sqlite_database


@pytest.fixture(scope="session")
def empty_sqlite() -> Iterator[Database]:
    with sqlite_database() as database:
        yield database


@pytest.fixture
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if server := os.environ.get("DATABASE_URL"):
        with postgresql_database(server) as database:
            yield database
    else:
        home = tmp_path / "home"
        shutil.copytree(request.getfixturevalue("empty_sqlite").home, home)
        yield Database(home)
