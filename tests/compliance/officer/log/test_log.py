"""The log for witnesses: a token, hashes, and nothing else. A real witness follows it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from audit.domain import Outcome
from audit.ledger.setup import checkpoint_verifier
from audit.services import recorded_since
from audit.tlog.cosignatures import CosigningKey
from audit.tlog.errors import TileMissing
from audit.tlog.tiles import Tile
from audit.witness.errors import CheckpointRefused
from audit.witness.state import WitnessState
from audit.witness.witness import Witness
from tests.audit.ledger.sealed import sealed
from tests.compliance.officer.conftest import SignedIn
from tests.recording import ask

TOKEN = "a-token-of-the-witness"
CHECKPOINT, TILE = "/audit/log/checkpoint", "/audit/log/tile/0/000.p/1"
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
Get = Callable[[str], Any]


@pytest.fixture
def get(db: None, settings: Any) -> Get:
    """Read with the witness's token."""
    settings.TACIT_AUDIT_WITNESS_TOKEN = TOKEN
    client = Client(headers={"Authorization": f"Bearer {TOKEN}"})
    return client.get


class LogOverHttp:
    """The product's own door as a witness's source."""

    def __init__(self, get: Get) -> None:
        self._get = get

    def checkpoint(self) -> bytes:
        return bytes(self._get(CHECKPOINT).content)

    def tile(self, tile: Tile) -> bytes:
        response = self._get(f"/audit/log/{tile.path}")
        if response.status_code == 404:
            raise TileMissing(tile.path)
        return bytes(response.content)


def test_a_witness_follows_the_log_as_it_grows(get: Get, settings: Any, tmp_path: Path) -> None:
    ask()
    sealed()
    key = CosigningKey.generate("witness.example")
    witness = Witness(
        settings.TACIT_AUDIT_ORIGIN, [checkpoint_verifier()], key, WitnessState(tmp_path / "state")
    )
    source = LogOverHttp(get)
    assert witness.start(source)[0].size == 1
    for _ in range(300):
        ask()
    sealed()
    assert witness.observe(source)[0].size == 301


def test_a_witness_refuses_a_log_that_was_rolled_back(get: Get, settings: Any, tmp_path: Path) -> None:
    from django.db import transaction

    key = CosigningKey.generate("witness.example")
    witness = Witness(
        settings.TACIT_AUDIT_ORIGIN, [checkpoint_verifier()], key, WitnessState(tmp_path / "state")
    )
    ask()
    sealed()
    with transaction.atomic():
        ask()
        sealed()
        witness.start(LogOverHttp(get))
        transaction.set_rollback(True)
    with pytest.raises(CheckpointRefused):
        witness.observe(LogOverHttp(get))


def test_before_the_first_seal_there_is_no_checkpoint(get: Get) -> None:
    response = get(CHECKPOINT)
    assert response.status_code == 404
    assert response.json()["type"] == "urn:tacit:problem:not-found"


@pytest.mark.parametrize(
    "path", ["0/001", "0/000.p/2", "1/000", "nonsense", "0/0", "entries/000", "../../etc/passwd"]
)
def test_a_tile_that_is_none_is_not_found(get: Get, path: str) -> None:
    ask()
    sealed()
    assert get(f"/audit/log/tile/{path}").status_code == 404


def test_what_is_served_has_the_formats_of_the_specification(get: Get) -> None:
    ask()
    sealed()
    checkpoint, tile = get(CHECKPOINT), get(TILE)
    assert checkpoint["Content-Type"] == "text/plain; charset=utf-8"
    assert (tile["Content-Type"], len(tile.content)) == ("application/octet-stream", 32)


def test_a_witness_leaves_no_trace_in_the_log_it_watches(get: Get) -> None:
    ask()
    sealed()
    get(CHECKPOINT)
    get(TILE)
    assert len([*recorded_since(EPOCH)]) == 1


@pytest.mark.parametrize("authorization", ["Bearer another", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
def test_another_token_opens_nothing(get: Get, authorization: str) -> None:
    for path in (CHECKPOINT, TILE):
        assert Client(headers={"Authorization": authorization}).get(path).status_code in {401, 403}


def test_without_a_token_in_the_settings_none_opens_it(settings: Any, db: None) -> None:
    settings.TACIT_AUDIT_WITNESS_TOKEN = ""
    assert Client(headers={"Authorization": "Bearer "}).get(CHECKPOINT).status_code == 401


@pytest.mark.parametrize(
    "path", ["/fhir/AuditEvent", "/api/v1/audit/exports", "/metrics", "/api/v1/patients"]
)
def test_the_witnesss_token_opens_nothing_else(get: Get, path: str) -> None:
    assert get(path).status_code in {401, 403}


@pytest.mark.parametrize(("username", "status"), [("olga", 200), ("ada", 200), ("alma", 403), ("ravi", 403)])
def test_who_has_an_account_is_recorded(signed_in: SignedIn, username: str, status: int) -> None:
    ask()
    sealed()
    assert signed_in(username).get(CHECKPOINT).status_code == status
    event = [*recorded_since(EPOCH)][-1].event
    outcome = Outcome.SUCCESS if status == 200 else Outcome.DENIED
    assert (event.actor, event.action, event.outcome) == (username, "read-audit-hashes", outcome)
