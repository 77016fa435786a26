"""Signed notes, checkpoints and cosignatures are those of C2SP, byte for byte, and are read strictly."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlog_scales import signing as other
from tlog_scales import tlog as other_log

from audit.tlog.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from audit.tlog.cosignatures import CosignerVerifierKey, CosigningKey, cosigned_at, cosigned_message
from audit.tlog.errors import (
    CheckpointMalformed,
    KeyUntrusted,
    NoteMalformed,
    OriginMismatch,
    SignatureInvalid,
)
from audit.tlog.merkle import EMPTY_ROOT
from audit.tlog.notes import MAX_NOTE_BYTES, parse_note, sign_note, verify_note
from audit.tlog.vkeys import SigningKey, VerifierKey
from tests.audit.tlog import vectors

PETER, ENOCH = VerifierKey.parse(vectors.PETER_VKEY), VerifierKey.parse(vectors.ENOCH_VKEY)
PETER_NOTE = f"{vectors.GO_TEXT}\n{vectors.PETER_LINE}"
BOTH_NOTE = f"{PETER_NOTE}{vectors.ENOCH_LINE}"
ORIGIN = "hospital.example/audit"
LOG_KEY, WITNESS_KEY = SigningKey.generate(ORIGIN), CosigningKey.generate("witness.example/w1")
CHECKPOINT = Checkpoint(ORIGIN, 20_852_163, bytes(range(32)))


def names_of(note: str, *keys: VerifierKey) -> list[str]:
    return [each.name for each in verify_note(parse_note(note.encode()), keys)]


def test_a_note_is_signed_as_go_signs_it() -> None:
    assert str(sign_note(vectors.GO_TEXT, SigningKey.parse(vectors.PETER_SKEY))) == PETER_NOTE


def test_notes_of_others_are_verified() -> None:
    assert names_of(PETER_NOTE, PETER) == ["PeterNeumann"]
    assert names_of(BOTH_NOTE, PETER, ENOCH) == ["PeterNeumann", "EnochRoot"]
    assert names_of(vectors.C2SP_NOTE, VerifierKey.parse(vectors.C2SP_VKEY)) == ["example.com/foo"]
    assert str(parse_note(BOTH_NOTE.encode())) == BOTH_NOTE


def test_signatures_of_unknown_keys_are_ignored_even_under_a_known_name() -> None:
    assert names_of(BOTH_NOTE, PETER) == ["PeterNeumann"]
    renamed = vectors.ENOCH_LINE.replace("EnochRoot", "PeterNeumann")
    assert names_of(f"{PETER_NOTE}{renamed}", PETER) == ["PeterNeumann"]
    with pytest.raises(KeyUntrusted):
        names_of(f"{vectors.GO_TEXT}\n{renamed}", PETER)
    with pytest.raises(KeyUntrusted):
        names_of(BOTH_NOTE)


def test_a_bad_signature_of_a_known_key_spoils_the_note() -> None:
    bad = vectors.ENOCH_LINE.replace("rwz+eB", "rwz+eC")
    with pytest.raises(SignatureInvalid, match="EnochRoot"):
        names_of(f"{PETER_NOTE}{bad}", PETER, ENOCH)
    longer = vectors.PETER_LINE[:60] + "ABCD" + vectors.PETER_LINE[60:]
    with pytest.raises(SignatureInvalid, match="PeterNeumann"):
        names_of(f"{vectors.GO_TEXT}\n{longer}", PETER)
    with pytest.raises(SignatureInvalid):
        names_of(PETER_NOTE.replace("cryptography", "cryptographY"), PETER)


def test_the_text_ends_at_the_last_empty_line() -> None:
    key = SigningKey.generate("a.example")
    text = "one\n\nanother\n\n— b.example AAAAAAA=\n\n"
    note = parse_note(str(sign_note(text, key)).encode())
    assert note.text == text
    assert len(verify_note(note, [key.verifier])) == 1


def test_signing_again_replaces_the_signature_of_the_same_key_only() -> None:
    note = parse_note(BOTH_NOTE.encode()).signed(SigningKey.parse(vectors.PETER_SKEY))
    assert [each.name for each in note.signatures] == ["EnochRoot", "PeterNeumann"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        vectors.GO_TEXT.encode(),
        f"{vectors.GO_TEXT}\n".encode(),
        PETER_NOTE[:-1].encode(),
        f"\x01{PETER_NOTE}".encode(),
        f"{PETER_NOTE}\x00".encode(),
        PETER_NOTE.replace("\n", "\r\n").encode(),
        b"\xff" + PETER_NOTE.encode(),
        f"{PETER_NOTE}Unexpected line.\n".encode(),
        PETER_NOTE.replace("— PeterNeumann", "— Bad Name").encode(),
        PETER_NOTE.replace("— PeterNeumann", "— Bad+Name").encode(),
        PETER_NOTE.replace("— PeterNeumann ", "— ").encode(),
        PETER_NOTE.replace("— ", "- ").encode(),
        PETER_NOTE.replace("nAM=", "nAN=").encode(),
        PETER_NOTE.replace("nAM=", "nAM").encode(),
        f"{vectors.GO_TEXT}\n— PeterNeumann x08gow==\n".encode(),
        f"{vectors.GO_TEXT}\n{vectors.PETER_LINE * 101}".encode(),
        b"a" * MAX_NOTE_BYTES + PETER_NOTE.encode(),
    ],
)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(NoteMalformed):
        parse_note(data)


def test_at_least_sixteen_signatures_are_accepted() -> None:
    keys = [SigningKey.generate(f"key{number}.example") for number in range(16)]
    note = parse_note(str(sign_note("text\n", *keys)).encode())
    assert len(verify_note(note, [key.verifier for key in keys])) == 16


@pytest.mark.parametrize("text", ["no newline", "tab\there\n", "return\r\n"])
def test_no_text_is_signed_that_could_not_be_read(text: str) -> None:
    with pytest.raises(NoteMalformed):
        sign_note(text, LOG_KEY)
    with pytest.raises(NoteMalformed):
        sign_note("text\n")


@given(st.binary(max_size=300))
def test_bytes_are_a_note_or_a_typed_error(data: bytes) -> None:
    with pytest.raises(NoteMalformed):
        parse_note(data)


@given(st.data())
def test_a_note_with_any_byte_changed_does_not_verify(data: st.DataObject) -> None:
    note = str(sign_checkpoint(CHECKPOINT, LOG_KEY)).encode()
    at = data.draw(st.integers(0, len(note) - 1))
    changed = note[:at] + bytes([note[at] ^ data.draw(st.integers(1, 255))]) + note[at + 1 :]
    with pytest.raises((NoteMalformed, SignatureInvalid, KeyUntrusted)):
        open_checkpoint(changed, origin=ORIGIN, log_keys=[LOG_KEY.verifier])


# --- checkpoints ------------------------------------------------------------------------------------------


@given(
    st.builds(
        Checkpoint,
        st.from_regex(r"\A[a-z./]{1,30}\Z"),
        st.integers(1, 2**63 - 1),
        st.binary(min_size=32, max_size=32),
        st.lists(st.from_regex(r"\A[a-z ]{1,10}\Z"), max_size=2).map(tuple),
    )
)
def test_a_checkpoint_is_read_as_it_was_written(checkpoint: Checkpoint) -> None:
    assert Checkpoint.parse(checkpoint.text) == checkpoint


def test_the_text_is_that_of_the_specification() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    parsed = Checkpoint.parse(text)
    assert (parsed.origin, parsed.size, parsed.text) == ("example.com/behind-the-sofa", 20_852_163, text)


@pytest.mark.parametrize(
    "bend",
    [
        lambda text: text.removesuffix("\n"),
        lambda text: text + "\n",
        lambda text: "\n" + text,
        lambda text: text.replace(ORIGIN, ""),
        lambda text: text.replace("20852163", "020852163"),
        lambda text: text.replace("20852163", "+20852163"),
        lambda text: text.replace("20852163", "-1"),
        lambda text: text.replace("20852163", "2_0"),
        lambda text: text.replace("20852163", "٢"),
        lambda text: text.replace("20852163", " 20852163"),
        lambda text: text.replace("20852163", str(2**63)),
        lambda text: text.replace("20852163", "9" * 5000),
        lambda text: text.replace("20852163", "0"),
        lambda text: text.replace("8=\n", "9=\n"),
        lambda text: text.replace("=\n", "\n"),
        lambda text: text.replace("=\n", "= \n"),
        lambda text: text + "extension\n\n",
        lambda text: "",
        lambda text: "a\n1\n",
        lambda text: "a\n1\nAAAA\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(bend: Callable[[str], str]) -> None:
    with pytest.raises(CheckpointMalformed):
        Checkpoint.parse(bend(CHECKPOINT.text))


def test_the_empty_tree_has_one_root() -> None:
    assert Checkpoint.parse(Checkpoint("a", 0, EMPTY_ROOT).text).size == 0
    with pytest.raises(CheckpointMalformed, match="empty tree"):
        Checkpoint("a", 0, bytes(32))


def test_a_checkpoint_of_another_log_is_refused() -> None:
    note = str(sign_checkpoint(CHECKPOINT, LOG_KEY)).encode()
    assert open_checkpoint(note, origin=ORIGIN, log_keys=[LOG_KEY.verifier])[0] == CHECKPOINT
    with pytest.raises(OriginMismatch):
        open_checkpoint(note, origin="other.example/audit", log_keys=[LOG_KEY.verifier])
    with pytest.raises(KeyUntrusted):
        open_checkpoint(note, origin=ORIGIN, log_keys=[SigningKey.generate(ORIGIN).verifier])


def test_a_note_that_is_no_checkpoint_is_refused_though_it_is_signed() -> None:
    note = str(sign_note("minutes of the meeting\n", LOG_KEY)).encode()
    with pytest.raises(CheckpointMalformed):
        open_checkpoint(note, origin=ORIGIN, log_keys=[LOG_KEY.verifier])


# --- cosignatures -----------------------------------------------------------------------------------------


def test_a_checkpoint_that_the_world_cosigned_is_verified() -> None:
    log_key = VerifierKey.parse(vectors.CT_VKEY)
    witness_key = CosignerVerifierKey.parse(vectors.CT_WITNESS_VKEY)
    checkpoint, note = open_checkpoint(
        vectors.CT_CHECKPOINT.encode(), origin=vectors.CT_ORIGIN, log_keys=[log_key]
    )
    assert checkpoint.size == vectors.CT_SIZE
    (cosignature,) = verify_note(note, [witness_key])
    assert cosigned_at(cosignature.signature) == 1_779_573_024
    smaller = vectors.CT_CHECKPOINT.replace(str(vectors.CT_SIZE), "42").encode()
    for key in (log_key, witness_key):
        with pytest.raises(SignatureInvalid):
            verify_note(parse_note(smaller), [key])


def test_the_time_of_a_cosignature_of_go_is_read() -> None:
    """transparency-dev/formats, note/note_cosigv1_test.go."""
    line = "— x ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA==\n"
    assert cosigned_at(parse_note(f"t\n\n{line}".encode()).signatures[0].signature) == 1_727_964_367


def test_what_a_witness_signs_is_the_message_of_the_specification() -> None:
    body = b"example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert cosigned_message(body, 1_679_315_147) == b"cosignature/v1\ntime 1679315147\n" + body


def test_our_signatures_are_verified_by_another_implementation() -> None:
    note = sign_checkpoint(CHECKPOINT, LOG_KEY, WITNESS_KEY)
    theirs = other_log.Checkpoint.from_text(str(note))
    for key in (LOG_KEY.verifier, WITNESS_KEY.verifier):
        theirs.verify(other.Vkey.from_string(str(key)))


def test_signatures_of_another_implementation_are_verified() -> None:
    signer = other.PlainEd25519Signer("other.example/log", bytes(range(32)))
    note = other_log.Checkpoint.make_signed("other.example/log", 7, bytes(32), [signer]).serialize()
    key = VerifierKey.parse(signer.vkey.serialize())
    assert open_checkpoint(note.encode(), origin="other.example/log", log_keys=[key])[0].size == 7


def test_a_log_key_and_a_witness_key_do_not_stand_in_for_each_other() -> None:
    note = sign_checkpoint(CHECKPOINT, WITNESS_KEY)
    as_log = VerifierKey(WITNESS_KEY.name, WITNESS_KEY.verifier.public)
    with pytest.raises(KeyUntrusted):
        verify_note(note, [as_log])


@given(st.integers(min_value=0, max_value=71), st.integers(min_value=1, max_value=255))
def test_neither_time_nor_signature_of_a_cosignature_can_be_changed(at: int, flip: int) -> None:
    text = CHECKPOINT.text.encode()
    good = WITNESS_KEY.sign(text)
    WITNESS_KEY.verifier.verify(text, good)
    with pytest.raises(SignatureInvalid):
        WITNESS_KEY.verifier.verify(text, good[:at] + bytes([good[at] ^ flip]) + good[at + 1 :])


def test_a_cosignature_without_a_time_is_refused() -> None:
    for signature in (b"", bytes(8), b"\xff" * 72):
        with pytest.raises(SignatureInvalid, match="time"):
            WITNESS_KEY.verifier.verify(b"text\n", signature)
