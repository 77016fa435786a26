"""Keys are read from their text strictly, and the secret one does not show itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlog_scales import signing as other

from audit.tlog.cosignatures import CosignerVerifierKey, CosigningKey
from audit.tlog.errors import KeyInvalid
from audit.tlog.vkeys import SigningKey, VerifierKey
from tests.audit.tlog.vectors import C2SP_VKEY, CT_WITNESS_VKEY, ENOCH_VKEY, PETER_SKEY, PETER_VKEY


@pytest.mark.parametrize("text", [PETER_VKEY, ENOCH_VKEY, C2SP_VKEY])
def test_keys_of_others_are_read_and_written_as_they_were(text: str) -> None:
    assert str(VerifierKey.parse(text)) == text
    assert str(VerifierKey.parse(f"{text}\n")) == text


def test_a_witness_has_keys_of_its_own_type() -> None:
    assert str(CosignerVerifierKey.parse(CT_WITNESS_VKEY)) == CT_WITNESS_VKEY
    with pytest.raises(KeyInvalid, match="0x01"):
        VerifierKey.parse(CT_WITNESS_VKEY)
    with pytest.raises(KeyInvalid, match="0x04"):
        CosignerVerifierKey.parse(PETER_VKEY)


def test_a_private_key_is_read_and_belongs_to_its_public_half() -> None:
    key = SigningKey.parse(PETER_SKEY)
    assert str(key.verifier) == PETER_VKEY
    assert key.private_text() == PETER_SKEY
    assert PETER_SKEY.rpartition("+")[2] not in repr(key)


@pytest.mark.parametrize("kind", [SigningKey, CosigningKey])
def test_a_new_key_survives_being_written_down(kind: type[SigningKey]) -> None:
    key = kind.generate("witness.example/w1")
    assert kind.parse(key.private_text()).verifier == key.verifier
    assert other.Vkey.from_string(str(key.verifier)).key_id.to_bytes(4) == key.key_id


def test_every_part_of_a_key_is_refused() -> None:
    """As golang.org/x/mod tests it: no substring of a key is a key, and neither is one with a letter changed."""
    for start in range(len(PETER_VKEY)):
        for end in range(start, len(PETER_VKEY) + 1):
            if (start, end) != (0, len(PETER_VKEY)):
                with pytest.raises(KeyInvalid):
                    VerifierKey.parse(PETER_VKEY[start:end])


@pytest.mark.parametrize("text", [PETER_VKEY, PETER_SKEY])
def test_a_key_with_a_letter_changed_is_refused(text: str) -> None:
    parse = VerifierKey.parse if text == PETER_VKEY else SigningKey.parse
    for at in range(len(text)):
        with pytest.raises(KeyInvalid):
            parse(text[:at] + chr(ord(text[at]) + 1) + text[at + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        PETER_VKEY.replace("c74f20a3", "C74F20A3"),
        "",
        "++",
    ],
)
def test_keys_of_the_wrong_length_or_type_are_refused(text: str) -> None:
    with pytest.raises(KeyInvalid):
        VerifierKey.parse(text)


@given(st.text())
def test_text_is_a_key_or_a_typed_error(text: str) -> None:
    for parse in (VerifierKey.parse, SigningKey.parse):
        with pytest.raises(KeyInvalid):
            parse(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "no\u00a0break", "bell\x07"])
def test_names_that_would_break_a_note_are_refused(name: str) -> None:
    with pytest.raises(KeyInvalid, match="name"):
        SigningKey.generate(name)
    with pytest.raises(KeyInvalid, match="name"):
        VerifierKey(name, bytes(32))
    with pytest.raises(KeyInvalid, match="32 bytes"):
        VerifierKey("name", bytes(31))
