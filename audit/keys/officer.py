"""The officer's X25519 key pair: the public half stays here and seals, the private half leaves with the officer.

A box is: ephemeral public key (32 bytes), nonce (12), AES-256-GCM ciphertext with its tag.
Source: RFC 7748 (X25519), RFC 5869 (HKDF), RFC 8018 and RFC 5958 (the encrypted PKCS #8 file).
"""

import base64
import os
import secrets
import unicodedata
from pathlib import Path

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from audit.keys.configured import officer_public_key_file
from audit.keys.errors import (
    KeyFileInvalid,
    KeyFileMissing,
    KeyFileUnwritable,
    OfficerBoxInvalid,
    PassphraseInvalid,
)
from audit.keys.private_file import PUBLIC, create_file, read_private

# As long as an account's password. PKCS #8 stretches it only little, so prefer `new_passphrase`.
MIN_PASSPHRASE_CHARACTERS = 15
KEY_BYTES = NONCE_AT = 32
SEALED_AT = NONCE_AT + 12
_INFO = b"tacit/officer-box/1"


def new_passphrase() -> str:
    """Return a passphrase of 130 random bits, in groups that can be written down."""
    letters = base64.b32encode(secrets.token_bytes(17)).decode()[:26].lower()
    return "-".join(letters[start : start + 6] for start in range(0, 26, 6))


def create_officer_keys(*, private_path: Path, public_path: Path, passphrase: str) -> None:
    """Write the pair, once: the private half (PEM PKCS #8 under the passphrase) is the officer's to take away.

    Raises: PassphraseInvalid, KeyFileExists, KeyFileUnwritable.
    """
    if len(passphrase) < MIN_PASSPHRASE_CHARACTERS:
        raise PassphraseInvalid(f"The passphrase must have at least {MIN_PASSPHRASE_CHARACTERS} characters")
    key = X25519PrivateKey.generate()
    encryption = BestAvailableEncryption(_normal(passphrase))
    create_file(private_path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    try:
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        create_file(public_path, public, PUBLIC)
    except BaseException:
        # Half a pair would look like a pair.
        private_path.unlink()
        raise


def officer_public_key() -> X25519PublicKey:
    """Return the public half of this installation. Raises: KeyFileMissing, KeyFileInvalid."""
    return read_officer_public_key(officer_public_key_file())


def read_officer_public_key(path: Path) -> X25519PublicKey:
    """Return the public half. Raises: KeyFileMissing, KeyFileInvalid, KeyFileUnwritable."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except FileNotFoundError:
        raise KeyFileMissing(
            f"{path} is missing: create the officer's keys, see docs/audit-keys.md"
        ) from None
    except OSError as error:
        raise KeyFileUnwritable(f"{path} cannot be read ({error.strerror})") from None
    except ValueError:
        key = None
    if not isinstance(key, X25519PublicKey):
        raise KeyFileInvalid(f"{path} is no X25519 public key in PEM: restore it from a backup")
    return key


def read_officer_private_key(path: Path, passphrase: str) -> X25519PrivateKey:
    """Return the private half. Raises: PassphraseInvalid, KeyFileError."""
    content = read_private(path)
    if b"ENCRYPTED PRIVATE KEY" not in content:
        raise KeyFileInvalid(f"{path} is no encrypted PKCS #8 key in PEM: take the file that was created")
    try:
        key = load_pem_private_key(content, _normal(passphrase))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise PassphraseInvalid(
            "The passphrase does not open the officer's key, or its file is damaged"
        ) from None
    if not isinstance(key, X25519PrivateKey):
        raise KeyFileInvalid(f"{path} is no X25519 key: take the file that was created")
    return key


def seal_to_officer(public: X25519PublicKey, secret: bytes, aad: bytes) -> bytes:
    """Return a box that only the officer's private half opens, and only for the same `aad`."""
    ephemeral = X25519PrivateKey.generate()
    sender, recipient = ephemeral.public_key().public_bytes_raw(), public.public_bytes_raw()
    nonce = os.urandom(SEALED_AT - NONCE_AT)
    sealed = _cipher(ephemeral, public, salt=sender + recipient).encrypt(nonce, secret, aad)
    return sender + nonce + sealed


def open_with_officer_key(private: X25519PrivateKey, box: bytes, aad: bytes) -> bytes:
    """Return what was sealed. Raises: OfficerBoxInvalid."""
    sender, nonce, sealed = box[:NONCE_AT], box[NONCE_AT:SEALED_AT], box[SEALED_AT:]
    recipient = private.public_key().public_bytes_raw()
    try:
        cipher = _cipher(private, X25519PublicKey.from_public_bytes(sender), salt=sender + recipient)
        return cipher.decrypt(nonce, sealed, aad)
    except (InvalidTag, ValueError):
        raise OfficerBoxInvalid(
            "The box does not open with this officer's key: it was changed, or is another officer's"
        ) from None


def _cipher(private: X25519PrivateKey, public: X25519PublicKey, *, salt: bytes) -> AESGCM:
    hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=_INFO)
    return AESGCM(hkdf.derive(private.exchange(public)))


def _normal(passphrase: str) -> bytes:
    """Return the passphrase as bytes that do not depend on the keyboard that typed it (Unicode NFC)."""
    return unicodedata.normalize("NFC", passphrase).encode()
