"""The ledger's Ed25519 signing key: on disk under the KEK, open only in the process that signs checkpoints.

Source: RFC 8032. It is not derived from the KEK and opens nothing: who can read entries cannot sign for that.
"""

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.keys.errors import KeyFileInvalid
from audit.keys.private_file import create_file, locked, read_private, replace_private
from audit.keys.wrapping import KeptKey, KeyEncryptor, Wrapped, rewrap

FORMAT = "tacit-signing-key/1"
_PURPOSE = b"tacit/signing-key/1"


def create_signing_key(path: Path, encryptor: KeyEncryptor) -> Ed25519PrivateKey:
    """Make the key, once, and return it. Raises: KeyFileExists, and what wrapping raises."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    wrapped = encryptor.wrap(key.private_bytes_raw(), _PURPOSE + public)
    create_file(path, _to_json(public, wrapped))
    return key


def read_signing_key(path: Path, encryptor: KeyEncryptor) -> Ed25519PrivateKey:
    """Return the key. Raises: KeyFileError, and what unwrapping raises."""
    public, wrapped = _read(path)
    key = Ed25519PrivateKey.from_private_bytes(encryptor.unwrap(wrapped, _PURPOSE + public))
    if key.public_key().public_bytes_raw() != public:
        raise KeyFileInvalid(f"{path} holds two halves that do not belong together: restore it from a backup")
    return key


def read_signing_public_key(path: Path) -> bytes:
    """Return the 32 bytes that auditors pin; needs no KEK. Raises: KeyFileError."""
    return _read(path)[0]


def signing_kek_id(path: Path) -> str:
    """Return the KEK that the key is under, for `check_holds`. Raises: KeyFileError."""
    return _read(path)[1].kek_id


def rewrap_signing_key(path: Path, encryptor: KeyEncryptor) -> bool:
    """Put the key under the current KEK; return whether it was under an older one."""
    with locked(path):
        public, wrapped = _read(path)
        for kept in rewrap([KeptKey("signing", wrapped, _PURPOSE + public)], encryptor):
            replace_private(path, _to_json(public, kept.wrapped))
            return True
    return False


def _to_json(public: bytes, wrapped: Wrapped) -> bytes:
    document = {
        "format": FORMAT,
        "public": base64.b64encode(public).decode(),
        "kek_id": wrapped.kek_id,
        "wrapped": base64.b64encode(wrapped.blob).decode(),
    }
    return json.dumps(document, indent=2).encode() + b"\n"


def _read(path: Path) -> tuple[bytes, Wrapped]:
    content = read_private(path)
    try:
        document = json.loads(content)
        public = base64.b64decode(document["public"], validate=True)
        wrapped = Wrapped(str(document["kek_id"]), base64.b64decode(document["wrapped"], validate=True))
        if document["format"] == FORMAT:
            return public, wrapped
    except (ValueError, KeyError, TypeError):
        # Told below, without a cause: a cause could quote the file.
        pass
    raise KeyFileInvalid(f"{path} is no signing key: restore it from a backup")
