"""A witness cosigns what follows from what it saw, and refuses everything else with evidence."""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.tlog.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from audit.tlog.cosignatures import CosigningKey, cosigned_at
from audit.tlog.errors import KeyUntrusted, NoteMalformed, OriginMismatch, SignatureInvalid
from audit.tlog.merkle import leaf_hash
from audit.tlog.notes import parse_note, verify_note
from audit.tlog.proofs import verify_consistency
from audit.tlog.vkeys import SigningKey
from audit.witness import state as state_module
from audit.witness.errors import Forked, RolledBack, SourceUnavailable, StateInvalid, TilesContradict
from audit.witness.state import WitnessState
from audit.witness.witness import Witness
from tests.audit.tlog.logs import MemoryLog, leaves
from tests.audit.witness.conftest import LOG_KEY, ORIGIN, WITNESS_KEY, Watched

Grown = Callable[[int], MemoryLog]


def forged(size: int, at: int) -> MemoryLog:
    """The log with the entry at `at` replaced by another."""
    hashes = leaves(size)
    hashes[at] = leaf_hash(b"nobody looked at this record")
    return MemoryLog().append(hashes)


def held_size(watched: Watched) -> int:
    checkpoint, _ = watched.witness.state.read(
        origin=ORIGIN, log_keys=[LOG_KEY.verifier], own_key=WITNESS_KEY.verifier
    )
    return checkpoint.size


def test_a_log_that_grows_is_cosigned_and_remembered(started: Watched, grown: Grown) -> None:
    for size in (301, 512, 66_000):
        log = grown(size)
        started.publish(log)
        checkpoint, note = started.witness.observe(started.source)
        assert (checkpoint.size, checkpoint.root) == (size, log.tree.root())
        assert len(verify_note(note, [LOG_KEY.verifier, WITNESS_KEY.verifier])) == 2
        assert (started.state_folder / "checkpoint").read_text() == str(note)
    assert started.evidence() == []


def test_the_same_tree_again_gets_a_newer_cosignature(started: Watched) -> None:
    times = iter((1_900_000_000.9, 1_900_000_060.0))
    key = CosigningKey(WITNESS_KEY.name, WITNESS_KEY.private, clock=lambda: next(times))
    witness = Witness(ORIGIN, [LOG_KEY.verifier], key, started.witness.state)
    seen = []
    for _ in range(2):
        _, note = witness.observe(started.source)
        (cosignature,) = verify_note(note, [key.verifier])
        seen.append(cosigned_at(cosignature.signature))
    assert seen == [1_900_000_000, 1_900_000_060]


def test_a_smaller_tree_is_refused_and_both_notes_are_kept(started: Watched, grown: Grown) -> None:
    before = (started.state_folder / "checkpoint").read_text()
    started.publish(grown(290))
    with pytest.raises(RolledBack, match="the last 10 are gone") as refusal:
        started.witness.observe(started.source)
    (file,) = started.evidence()
    assert refusal.value.evidence == file
    assert str(file) in str(refusal.value)
    evidence = json.loads(file.read_text())
    assert evidence["kind"] == "rolled-back"
    assert evidence["held"] == before
    for name, size in (("held", 300), ("offered", 290)):
        checkpoint, _ = open_checkpoint(evidence[name].encode(), origin=ORIGIN, log_keys=[LOG_KEY.verifier])
        assert checkpoint.size == size
    assert (started.state_folder / "checkpoint").read_text() == before


def test_another_tree_of_the_same_size_is_refused(started: Watched) -> None:
    started.publish(forged(300, 7))
    with pytest.raises(Forked, match="two different trees of 300"):
        started.witness.observe(started.source)
    assert len(started.evidence()) == 1
    assert held_size(started) == 300


@pytest.mark.parametrize("size", [301, 512, 1000])
@pytest.mark.parametrize("at", [0, 255, 256, 299])
def test_a_larger_tree_with_another_past_is_refused_with_a_proof(
    started: Watched, size: int, at: int
) -> None:
    started.publish(forged(size, at))
    with pytest.raises(Forked, match="does not begin with the 300"):
        started.witness.observe(started.source)
    evidence = json.loads(started.evidence()[0].read_text())
    held, offered = (
        Checkpoint.parse(parse_note(evidence[each].encode()).text) for each in ("held", "offered")
    )
    prefix = base64.b64decode(evidence["offered_root_at_held_size"])
    proof = [base64.b64decode(each) for each in evidence["consistency_proof"]]
    assert prefix != held.root
    verify_consistency(300, prefix, offered.size, offered.root, proof)


def test_a_fork_after_what_was_seen_is_no_fork(started: Watched) -> None:
    started.publish(forged(400, 300))
    assert started.witness.observe(started.source)[0].size == 400


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_other_past_is_ever_cosigned(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, 700))
    new = data.draw(st.integers(old, 1400))
    at = data.draw(st.integers(0, old - 1))
    folder = tmp_path_factory.mktemp("fork")
    (folder / "log").mkdir()
    witness = Witness(ORIGIN, [LOG_KEY.verifier], WITNESS_KEY, WitnessState(folder / "state"))
    watched = Watched(folder / "log", witness, folder / "state")
    watched.publish(MemoryLog().append(leaves(old)))
    witness.start(watched.source)
    watched.publish(forged(new, at))
    with pytest.raises(Forked):
        witness.observe(watched.source)
    watched.publish(MemoryLog().append(leaves(new)))
    assert witness.observe(watched.source)[0].size == new


def test_hashes_that_do_not_lead_to_the_signed_root_are_refused(started: Watched, grown: Grown) -> None:
    started.publish(grown(700))
    tile = started.folder / "tile/0/001"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    with pytest.raises(TilesContradict, match="do not lead to the root"):
        started.witness.observe(started.source)
    tile.write_bytes(b"short")
    with pytest.raises(TilesContradict, match="no tiles"):
        started.witness.observe(started.source)
    assert held_size(started) == 300


def test_a_log_that_hides_its_hashes_is_not_cosigned(started: Watched, grown: Grown) -> None:
    started.publish(grown(700))
    (started.folder / "tile/0/001").unlink()
    with pytest.raises(SourceUnavailable, match="does not show their hashes"):
        started.witness.observe(started.source)
    assert held_size(started) == 300


def test_what_the_log_did_not_sign_is_not_looked_at(started: Watched, grown: Grown) -> None:
    file = started.folder / "checkpoint"
    honest = file.read_text()
    stranger = SigningKey.generate(ORIGIN)
    other_log = sign_checkpoint(Checkpoint("other.example/audit", 301, bytes(32)), LOG_KEY)
    for text, error in (
        (str(grown(301).signed(stranger)), KeyUntrusted),
        (honest.replace("\n300\n", "\n301\n"), SignatureInvalid),
        (str(other_log), OriginMismatch),
        ("<html>maintenance</html>", NoteMalformed),
        ("a" * 300_000, NoteMalformed),
    ):
        file.write_text(text)
        with pytest.raises(error):
            started.witness.observe(started.source)
    file.unlink()
    with pytest.raises(SourceUnavailable, match="no file named checkpoint"):
        started.witness.observe(started.source)
    assert started.evidence() == []


def test_signature_lines_that_nobody_verified_are_not_kept(started: Watched) -> None:
    file = started.folder / "checkpoint"
    file.write_text(file.read_text() + "— stranger.example AAAAAAAAAAA=\n" * 99)
    started.witness.observe(started.source)
    _, note = started.witness.observe(started.source)
    assert [each.name for each in note.signatures] == [ORIGIN, WITNESS_KEY.name]


def test_the_log_may_change_its_key_while_both_are_pinned(started: Watched, grown: Grown) -> None:
    new_key = SigningKey.generate(ORIGIN)
    witness = Witness(ORIGIN, [LOG_KEY.verifier, new_key.verifier], WITNESS_KEY, started.witness.state)
    grown(400).publish(started.folder, new_key)
    assert witness.observe(started.source)[0].size == 400
    with pytest.raises(StateInvalid):
        started.witness.observe(started.source)


def test_an_empty_log_can_be_watched_from_its_first_day(watched: Watched, grown: Grown) -> None:
    watched.publish(grown(0))
    assert watched.witness.start(watched.source)[0].size == 0
    watched.publish(grown(1))
    assert watched.witness.observe(watched.source)[0].size == 1
    watched.publish(grown(0))
    with pytest.raises(RolledBack):
        watched.witness.observe(watched.source)


def test_a_first_look_checks_the_hashes_too(watched: Watched, grown: Grown) -> None:
    watched.publish(grown(300))
    tile = watched.folder / "tile/0/000"
    tile.write_bytes(bytes(8192))
    # The root over 300 entries is made of tile/1/000.p/1 and tile/0/001.p/44.
    (watched.folder / "tile/1/000.p/1").write_bytes(bytes(32))
    with pytest.raises(TilesContradict):
        watched.witness.start(watched.source)
    assert not watched.witness.state.exists()


# --- what the witness remembers ---------------------------------------------------------------------------


def test_a_witness_that_lost_its_memory_does_not_start_anew_by_itself(watched: Watched, grown: Grown) -> None:
    watched.publish(grown(300))
    with pytest.raises(StateInvalid, match="--start"):
        watched.witness.observe(watched.source)
    watched.witness.start(watched.source)
    with pytest.raises(StateInvalid, match="started before"):
        watched.witness.start(watched.source)


def test_a_memory_that_was_edited_is_refused(started: Watched, grown: Grown) -> None:
    file = started.state_folder / "checkpoint"
    uncosigned = str(grown(290).signed(LOG_KEY))
    for text in (uncosigned, file.read_text().replace("\n300\n", "\n290\n"), "", "nonsense"):
        file.write_text(text)
        with pytest.raises(StateInvalid, match="not what this witness wrote"):
            started.witness.observe(started.source)


def test_two_witnesses_do_not_share_a_memory(started: Watched) -> None:
    with started.witness.state.held(), pytest.raises(StateInvalid, match="Another witness"):
        started.witness.observe(started.source)
    started.witness.observe(started.source)


def test_a_crash_while_writing_leaves_the_old_memory(
    started: Watched, grown: Grown, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (started.state_folder / "checkpoint").read_text()
    started.publish(grown(400))

    def fails(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(StateInvalid, match="No space left"):
        started.witness.observe(started.source)
    assert (started.state_folder / "checkpoint").read_text() == before
    assert sorted(each.name for each in started.state_folder.iterdir()) == ["checkpoint", "lock"]


def test_a_full_disk_does_not_hide_a_refusal(
    started: Watched, grown: Grown, monkeypatch: pytest.MonkeyPatch
) -> None:
    started.publish(grown(290))

    def fails(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(state_module, "write_whole", fails)
    with pytest.raises(RolledBack) as refusal:
        started.witness.observe(started.source)
    assert refusal.value.evidence is None


def test_the_same_evidence_is_kept_once(started: Watched, grown: Grown) -> None:
    started.publish(grown(290))
    for _ in range(3):
        with pytest.raises(RolledBack):
            started.witness.observe(started.source)
    assert len(started.evidence()) == 1


def test_a_folder_that_cannot_be_written_is_a_typed_error(tmp_path: Path, grown: Grown) -> None:
    (tmp_path / "file").write_text("")
    state = WitnessState(tmp_path / "file" / "state")
    with pytest.raises(StateInvalid, match="cannot be written"), state.held():
        pass
