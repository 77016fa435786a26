"""Signed notes: a text, an empty line, and a line for each signature.

Source: C2SP signed-note.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from audit.tlog.errors import KeyUntrusted, NoteMalformed
from audit.tlog.vkeys import KEY_ID_BYTES, VerifierKey, from_base64, is_key_name

MAX_NOTE_BYTES = 256 * 1024
# The specification asks for 16 at least; a limit keeps a hostile note from costing much.
MAX_SIGNATURES = 100
_DASH = "\u2014 "
# ASCII control characters but the newline.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class Signer(Protocol):
    """What signs notes."""

    @property
    def name(self) -> str:
        """The key's name."""

    @property
    def key_id(self) -> bytes:
        """The key's id, 4 bytes."""

    def sign(self, text: bytes) -> bytes:
        """Return the signature of a note's text."""


@dataclass(frozen=True)
class NoteSignature:
    """One signature line: who claims to have signed, and the signature."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A text, which ends in a newline, and its signatures; nothing is verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def signed(self, signer: Signer) -> "Note":
        """Return the note with the signer's signature in place of an earlier one of the same key."""
        others = [
            each for each in self.signatures if (each.name, each.key_id) != (signer.name, signer.key_id)
        ]
        added = NoteSignature(signer.name, signer.key_id, signer.sign(self.text.encode()))
        return replace(self, signatures=(*others, added))


def parse_note(data: bytes) -> Note:
    """Return the note in these bytes. Raises: NoteMalformed."""
    if len(data) > MAX_NOTE_BYTES:
        raise NoteMalformed(f"A note has at most {MAX_NOTE_BYTES} bytes, this one {len(data)}")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise NoteMalformed("The note is not UTF-8") from error
    text, empty_line, lines = whole.rpartition("\n\n")
    if not empty_line or not lines.endswith("\n") or _CONTROL.search(whole):
        raise NoteMalformed(
            "Not a signed note: a text, an empty line, then signature lines, each ended by a newline"
        )
    signatures = [_signature(line) for line in lines[:-1].split("\n")]
    if len(signatures) > MAX_SIGNATURES:
        raise NoteMalformed(f"A note has at most {MAX_SIGNATURES} signatures, this one {len(signatures)}")
    return Note(text + "\n", tuple(signatures))


def sign_note(text: str, *signers: Signer) -> Note:
    """Return the text as a note, signed by each. Raises: NoteMalformed for a text that no note can have."""
    if not signers or not text.endswith("\n") or _CONTROL.search(text):
        raise NoteMalformed("A note has a text that ends in a newline, no control characters, and a signer")
    note = Note(text, ())
    for signer in signers:
        note = note.signed(signer)
    return note


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> Sequence[NoteSignature]:
    """Return a verified signature of each known key that signed; the lines of other keys are ignored.

    Raises: SignatureInvalid where a line names a known key which did not sign, KeyUntrusted where no line names one.
    """
    known = {(key.name, key.key_id): key for key in keys}
    verified = {}
    for each in note.signatures:
        if key := known.get((each.name, each.key_id)):
            key.verify(note.text.encode(), each.signature)
            verified[each.name, each.key_id] = each
    if not verified:
        raise KeyUntrusted(
            "None of the note's signatures is of a key that is trusted here: check the pinned keys"
        )
    return list(verified.values())


def _signature(line: str) -> NoteSignature:
    dash, name, encoded = line[: len(_DASH)], *line[len(_DASH) :].rpartition(" ")[::2]
    try:
        signature = from_base64(encoded)
    except ValueError as error:
        raise NoteMalformed(f"A signature is {error}") from error
    if dash != _DASH or not is_key_name(name) or len(signature) <= KEY_ID_BYTES:
        raise NoteMalformed(
            "A signature line is an em dash, the key's name and the signature, a space between them"
        )
    return NoteSignature(name, signature[:KEY_ID_BYTES], signature[KEY_ID_BYTES:])
