"""Signed-in officers without a browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from compliance.access.domain import Role
from compliance.access.models import Account
from tests.conftest import PASSWORD

SignedIn = Callable[[str], Client]


@pytest.fixture
def officers(cast: dict[str, Account]) -> dict[str, Account]:
    """The cast and otto, a second officer."""
    otto = Account.objects.create_user("otto", password=PASSWORD, role=Role.COMPLIANCE_OFFICER)
    return cast | {"otto": otto}


@pytest.fixture
def signed_in(officers: dict[str, Account]) -> SignedIn:
    """A client of its own for each account."""

    def as_account(username: str) -> Client:
        client = Client()
        client.force_login(officers[username])
        return client

    return as_account


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    """Exports and spool of the test's own."""
    settings.TACIT_AUDIT_EXPORTS = tmp_path / "exports"
    settings.TACIT_AUDIT_SPOOL = tmp_path / "spool"
