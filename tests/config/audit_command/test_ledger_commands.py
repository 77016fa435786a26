"""`manage.py audit`: what it shows, seals, verifies, rotates, forgets and refuses; each use is in the record."""

import io
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.ledger.store import newest_checkpoint
from audit.ledger.writer import forget_writers
from audit.models import Entry, PurgeDeclaration, Seal, WrappedKey
from audit.services import recorded_since
from audit.tlog.checkpoints import open_checkpoint
from audit.tlog.vkeys import VerifierKey
from tests.audit.ledger.sealed import sealed
from tests.config.audit_command.conftest import Run
from tests.recording import ask

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2015, 6, 1, tzinfo=UTC)


def events() -> list[tuple[str, str, str]]:
    return [(row.event.actor, row.event.action, row.event.outcome.value) for row in recorded_since(EPOCH)]


def told(*arguments: str) -> str:
    """Return what is said where the command fails."""
    with pytest.raises(CommandError) as caught:
        call_command("audit", *arguments, stdout=io.StringIO(), stderr=io.StringIO())
    return str(caught.value)


def test_status_says_how_the_record_stands_and_what_is_not_protected(run: Run) -> None:
    ask()
    status = run("status")
    assert (status["entries"], status["unsealed"], status["sealed"]) == (2, 2, 0)
    assert status["checkpoint"] is None
    assert status["keys"]["officer_private_key_is_here"]
    said = " ".join(status["not_protected"])
    for gap in ("No anchor", "No witness", "officer's private key", "Nobody seals"):
        assert gap in said
    assert "af-ckd" not in json.dumps(status)
    assert events()[-1] == ("ada", "read-audit-hashes", "success")


def test_status_of_a_protected_record_names_no_gap(run: Run, settings: Any, tmp_path: Path) -> None:
    settings.TACIT_AUDIT_ANCHOR_FILE = str(tmp_path / "anchor.jsonl")
    settings.TACIT_AUDIT_WITNESS_TOKEN = "a-token"
    ask()
    run("keys", "take-officer-key", "--to", str(tmp_path))
    sealed()
    run("anchor")
    sealed()
    status = run("status")
    # The look itself waits, and the sealer of the test holds its lease.
    assert status["not_protected"] == []
    assert status["anchors"] == {"file": {"newest_size": 2}}


def test_status_is_shown_also_where_nothing_can_be_recorded(run: Run, settings: Any) -> None:
    ask()
    Path(settings.TACIT_AUDIT_KEYRING).unlink()
    status = run("status")
    assert (status["writable"], status["entries"]) == (False, 1)


def test_an_anchor_that_is_away_is_said_and_the_rest_is_shown(
    run: Run, settings: Any, tmp_path: Path
) -> None:
    settings.TACIT_AUDIT_ANCHOR_FILE = str(tmp_path)
    ask()
    status = run("status")
    assert "cannot be read" in status["anchors"]["problem"]
    assert status["entries"] == 2


def test_seal_once_seals_and_records_itself(run: Run) -> None:
    ask()
    assert run("seal", "--once") == {"sealed": 2, "from_spool": 0}
    assert run("seal", "--once") == {"sealed": 0, "from_spool": 0}
    assert Seal.objects.count() == 2


def test_verify_reports_what_holds_and_names_a_lie(run: Run, tmp_path: Path) -> None:
    ask()
    sealed()
    report = run("verify")
    assert (report["size"], report["unsealed"]) == (1, 1)
    assert events()[-1] == ("olga", "verify-audit", "success")
    with connection.cursor() as cursor:
        for trigger in _update_triggers():
            cursor.execute(trigger)
        cursor.execute("UPDATE audit_entry SET outcome = 4")
    assert told("verify").startswith("INDEX_MISMATCH: ")
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify", "--json", stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["code"] == "INDEX_MISMATCH"


def _update_triggers() -> list[str]:
    if connection.vendor == "sqlite":
        return ["DROP TRIGGER audit_entry_no_update"]
    return ["DROP TRIGGER audit_entry_update ON audit_entry"]


def test_verify_checks_the_macs_with_the_officers_key(run: Run, tmp_path: Path) -> None:
    ask()
    taken = run("keys", "take-officer-key", "--to", str(tmp_path))
    (tmp_path / "passphrase").write_text(taken["passphrase"])
    given = ("--officer-key", taken["file"], "--passphrase-file", str(tmp_path / "passphrase"))
    assert run("verify", *given)["macs_checked"] == Entry.objects.count()
    (tmp_path / "passphrase").write_text("another passphrase")
    assert "passphrase" in told("verify", *given)


def test_verify_against_a_held_checkpoint_sees_a_rollback(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        ask()
    with transaction.atomic():
        ask()
        sealed()
        newest = newest_checkpoint()
        assert newest
        (tmp_path / "held").write_text(newest.note)
        transaction.set_rollback(True)
    sealed()
    assert told("verify", "--held", str(tmp_path / "held")).startswith("ROLLED_BACK: ")
    assert run("restore", "--declare", "--checkpoint", str(tmp_path / "held"))["size"] == 3
    sealed()
    report = run("verify", "--held", str(tmp_path / "held"))
    assert report["declared_restores"] == [3]


def test_a_restore_that_lost_nothing_is_not_declared(run: Run, tmp_path: Path) -> None:
    ask()
    sealed()
    newest = newest_checkpoint()
    assert newest
    (tmp_path / "held").write_text(newest.note)
    assert "nothing is missing" in told("restore", "--declare", "--checkpoint", str(tmp_path / "held"))
    assert "--declare" in told("restore")
    assert "No anchor" in told("restore", "--declare")


def test_keys_are_rotated_and_wrapped_again_and_old_entries_still_open(run: Run) -> None:
    ask()
    before = run("status")["keys"]["current_kek"]
    after = run("keys", "rotate")["kek_id"]
    assert after != before
    assert run("keys", "rewrap")["rewrapped"] >= 3
    assert run("keys", "rewrap")["rewrapped"] == 0
    newest = {}
    for row in WrappedKey.objects.order_by("id"):
        newest[row.key_id] = row.kek_id
    assert set(newest.values()) == {after}
    assert ("alma", "ask", "success") in events()
    assert [action for _, action, _ in events()].count("rewrap-keys") == 2


def test_shares_are_files_of_the_owner_alone_and_a_drill_shows_that_they_work(
    run: Run, tmp_path: Path
) -> None:
    ask()
    made = run("keys", "escrow", "--output", str(tmp_path / "shares"))
    assert len(made["files"]) == 3
    assert all(stat.S_IMODE(Path(file).stat().st_mode) == 0o600 for file in made["files"])
    words = Path(made["files"][0]).read_text()
    assert json.dumps(made).count(words.split("words:")[1].split()[1]) == 0
    report = run("keys", "drill", *made["files"][1:])
    assert report["shares"] == [2, 3]
    assert report["fingerprint"] == made["fingerprint"]
    assert "1 of the 2" in told("keys", "drill", made["files"][0])


def test_the_officers_key_leaves_this_machine(run: Run, tmp_path: Path, settings: Any) -> None:
    ask()
    folder = Path(settings.TACIT_AUDIT_OFFICER_KEY).parent
    taken = run("keys", "take-officer-key", "--to", str(tmp_path))
    assert {file.name for file in folder.glob("officer*")} == {"officer-public.pem"}
    assert Path(taken["file"]).parent == tmp_path
    assert not run("status")["keys"]["officer_private_key_is_here"]
    assert "missing" in told("keys", "take-officer-key", "--to", str(tmp_path))
    assert events()[-1] == ("olga", "take-officer-key", "failed")


def test_a_shredded_patient_is_gone_from_the_record_and_the_proofs_stay(run: Run) -> None:
    ask("zebedee")
    ask("af-ckd")
    sealed()
    assert run("shred", "zebedee", "--reason", "request 17 under article 17") == {"destroyed_keys": 1}
    assert run("verify")["shredded"] == 1
    rows = list(recorded_since(EPOCH))
    assert [row.event.patient_id for row in rows if row.event.action == "ask"] == ["?", "af-ckd"]
    [shredding] = [row.event for row in rows if row.event.action == "shred-key"]
    assert (shredding.patient_id, shredding.detail["justification"]) == ("", "request 17 under article 17")
    assert run("shred", "zebedee", "--reason", "again") == {"destroyed_keys": 0}


def test_what_is_older_than_six_years_may_be_purged(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as then:
        then.setattr("audit.services.timezone.now", lambda: LONG_AGO)
        ask()
    forget_writers()  # no process lives that long
    ask()
    assert "not sealed yet" in told("purge", "--before", "2016-01-01")
    sealed()
    assert run("purge", "--before", "2016-01-01")["purged"] == 1
    assert PurgeDeclaration.objects.count() == 1
    assert Seal.objects.count() == 4
    sealed()
    report = run("verify")
    assert (report["purged"], report["declared_purges"]) == (1, ["2016-01-01T00:00:00.000000Z"])


def test_nothing_younger_is_purged(run: Run) -> None:
    ask()
    sealed()
    day = timezone.now() - timedelta(days=6 * 365 - 1)
    assert "6 years" in told("purge", "--before", f"{day:%Y-%m-%d}")
    assert PurgeDeclaration.objects.count() == 0
    assert run("purge", "--before", "2016-01-01")["purged"] == 0
    assert PurgeDeclaration.objects.count() == 0


def test_vkey_prints_the_key_that_signed_the_checkpoints(run: Run) -> None:
    ask()
    sealed()
    key = VerifierKey.parse(run("vkey")["vkey"])
    newest = newest_checkpoint()
    assert newest
    assert open_checkpoint(newest.note.encode(), origin=key.name, log_keys=[key])[0].size == 1


def test_anchor_without_an_anchor_says_how_to_name_one(run: Run) -> None:
    assert "TACIT_AUDIT_ANCHOR_FILE" in told("anchor")


@pytest.mark.parametrize(
    ("arguments", "account"),
    [
        (("status",), "alma"),
        (("verify",), "alma"),
        (("keys", "rotate"), "olga"),
        (("keys", "rewrap"), "olga"),
        (("keys", "escrow", "--output", "x"), "olga"),
        (("keys", "drill", "x"), "alma"),
        (("keys", "take-officer-key", "--to", "x"), "ada"),
        (("shred", "af-ckd", "--reason", "r"), "ada"),
        (("purge", "--before", "2016-01-01"), "ada"),
        (("restore", "--declare"), "ravi"),
        (("anchor",), "alma"),
        (("grants",), "olga"),
        (("export", "--reason", "r"), "ada"),
    ],
)
def test_who_may_not_is_refused_and_the_attempt_is_recorded(arguments: tuple[str, ...], account: str) -> None:
    assert "Your role may not do this" in told(*arguments, "--as", account)
    actor, _, outcome = events()[-1]
    assert (actor, outcome) == (account, "denied")


@pytest.mark.parametrize("reason", ["", "a" * 201, "two\nlines"])
def test_a_reason_is_one_short_line(reason: str) -> None:
    assert "reason" in told("shred", "af-ckd", "--reason", reason)


def test_grants_are_printed_and_refused_on_sqlite(run: Run) -> None:
    printed = run("grants")
    assert not printed["applied"]
    assert any("REVOKE ALL" in statement for statement in printed["statements"])
    if connection.vendor == "sqlite":
        assert "no roles" in told("grants", "--apply")


def test_on_postgresql_the_application_adds_and_reads_and_the_sealer_seals(run: Run) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    with connection.cursor() as cursor:
        cursor.execute('CREATE ROLE "app-1"')
        cursor.execute('CREATE ROLE "sealer-1"')
    ask()
    run("grants", "--app", "app-1", "--sealer", "sealer-1", "--apply")
    with as_role("app-1"):
        ask("another")
        for refused in (
            "DELETE FROM audit_unsealed",
            "UPDATE audit_lease SET holder = ''",
            "DELETE FROM audit_entry",
        ):
            refuse(refused)
        refuse("INSERT INTO audit_seal VALUES (0, '00000000-0000-0000-0000-000000000000', '')")
    with as_role("sealer-1"):
        sealed()
        refuse("DELETE FROM audit_entry")
        refuse("DELETE FROM audit_subjectkey")
    assert Seal.objects.count() == 3


class as_role:  # noqa: N801 - reads as a statement
    def __init__(self, role: str) -> None:
        self._role = role

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'SET ROLE "{self._role}"')

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def refuse(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
