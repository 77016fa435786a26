"""Ed25519 keys with a name, and their text: `name+id+base64` for verifiers, `PRIVATE+KEY+name+id+base64` for signers.

Source: C2SP signed-note, "Signatures" and "Verifier keys"; the signers' text is that of Go's sumdb/note.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.tlog.errors import KeyInvalid, SignatureInvalid

ED25519 = 0x01
KEY_ID_BYTES = 4
KEY_BYTES = 32
_PRIVATE = "PRIVATE+KEY+"
_VERIFIER = re.compile(r"(?P<name>[^+]+)\+(?P<id>[0-9a-f]{8})\+(?P<material>[A-Za-z0-9+/=]+)", re.ASCII)


def is_key_name(name: str) -> bool:
    """Whether a key may be called so: something, with no space, plus or control character in it."""
    return bool(name) and "+" not in name and not any(each < " " or each.isspace() for each in name)


def from_base64(text: str) -> bytes:
    """Return the bytes. Raises: ValueError for any text but the one that these bytes are written as."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if base64.b64encode(data).decode() != text:
        raise ValueError("not the canonical base64")
    return data


@dataclass(frozen=True)
class VerifierKey:
    """The public key of a log: verifies plain Ed25519 signatures of notes."""

    TYPE: ClassVar[int] = ED25519

    name: str
    public: bytes

    def __post_init__(self) -> None:
        """Raise KeyInvalid for a name or a public key that cannot be."""
        if not is_key_name(self.name):
            raise KeyInvalid("A key's name has no spaces and no plus, like hospital.example/audit")
        if len(self.public) != KEY_BYTES:
            raise KeyInvalid(f"An Ed25519 key has {KEY_BYTES} bytes, this one {len(self.public)}")

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self._material).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key of its text. Raises: KeyInvalid, also where the key is of another type."""
        name, key_id, material = _parts(text.strip(), cls.TYPE)
        key = cls(name, material)
        if key.key_id != key_id:
            raise KeyInvalid(f"The key of {name} does not hash to the id in its text: copy it again, whole")
        return key

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that signature lines name the key by."""
        return sha256(self.name.encode() + b"\n" + self._material).digest()[:KEY_ID_BYTES]

    @property
    def _material(self) -> bytes:
        return bytes([self.TYPE]) + self.public

    def verify(self, text: bytes, signature: bytes) -> None:
        """Verify the signature of a note's text. Raises: SignatureInvalid."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature as error:
            raise SignatureInvalid(f"The signature of {self.name} is not of this text") from error


@dataclass(frozen=True)
class SigningKey:
    """The private key of a log. Its repr does not show it."""

    VERIFIER: ClassVar[type[VerifierKey]] = VerifierKey

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> Self:
        """Return a new key. Raises: KeyInvalid for a name that no key may have."""
        if not is_key_name(name):
            raise KeyInvalid("A key's name has no spaces and no plus, like hospital.example/audit")
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key of its text. Raises: KeyInvalid."""
        text = text.strip()
        if not text.startswith(_PRIVATE):
            raise KeyInvalid(f"The text of a private key begins with {_PRIVATE}")
        name, key_id, seed = _parts(text.removeprefix(_PRIVATE), cls.VERIFIER.TYPE)
        key = cls(name, Ed25519PrivateKey.from_private_bytes(seed))
        if key.key_id != key_id:
            raise KeyInvalid(
                f"The private key of {name} does not belong to the id in its text: copy it again, whole"
            )
        return key

    @property
    def verifier(self) -> VerifierKey:
        """The public key."""
        return self.VERIFIER(self.name, self.private.public_key().public_bytes_raw())

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that signature lines name the key by."""
        return self.verifier.key_id

    def private_text(self) -> str:
        """Return the secret text that `parse` takes; it belongs into a file that only its owner reads."""
        material = bytes([self.VERIFIER.TYPE]) + self.private.private_bytes_raw()
        return f"{_PRIVATE}{self.name}+{self.key_id.hex()}+{base64.b64encode(material).decode()}"

    def sign(self, text: bytes) -> bytes:
        """Return the signature of a note's text."""
        return self.private.sign(text)


def _parts(text: str, key_type: int) -> tuple[str, bytes, bytes]:
    """Return name, id and the 32 bytes of the key."""
    match = _VERIFIER.fullmatch(text)
    if match is None:
        raise KeyInvalid("The text of a key is name+id+base64, its id 8 hexadecimal digits")
    try:
        material = from_base64(match["material"])
    except ValueError as error:
        raise KeyInvalid(f"The last part of a key's text is {error}: copy it again, whole") from error
    if material[0] != key_type or len(material) != 1 + KEY_BYTES:
        raise KeyInvalid(f"Not an Ed25519 key of type 0x{key_type:02x}: a log's has 0x01, a witness's 0x04")
    return match["name"], bytes.fromhex(match["id"]), material[1:]
