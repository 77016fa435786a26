"""The command as its user runs it, and an installation with keys of its own."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from audit.ledger.keys import forget_keys
from audit.ledger.subjects import forget_patient_keys
from audit.ledger.writer import forget_writers
from compliance.access.models import Account

Run = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def own_installation(cast: dict[str, Account], settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Keys, spool and exports of the test's own."""
    for name, file in (
        ("TACIT_AUDIT_KEYRING", "keyring.json"),
        ("TACIT_AUDIT_SIGNING_KEY", "signing-key.json"),
        ("TACIT_AUDIT_OFFICER_KEY", "officer-public.pem"),
        ("TACIT_AUDIT_SPOOL", "spool"),
    ):
        setattr(settings, name, tmp_path / "audit" / file)
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    forget_keys()
    forget_writers()
    forget_patient_keys()


@pytest.fixture
def run() -> Run:
    """Run `manage.py audit ... --json` and return its one object."""

    def run(*arguments: str) -> dict[str, Any]:
        out = io.StringIO()
        call_command("audit", *arguments, "--json", stdout=out, stderr=io.StringIO())
        document: dict[str, Any] = json.loads(out.getvalue())
        return document

    return run
