"""The ledger's own keys, made where an installation has none yet: its signing key and the officer's pair.

Only an empty ledger gets new ones. A file that is missing later was lost, and putting another in its place would
hide that.
"""

import contextlib
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.conf import settings

from audit.keys.configured import key_encryptor, officer_public_key_file, signing_key_file
from audit.keys.errors import KeyFileExists
from audit.keys.officer import create_officer_keys, new_passphrase, officer_public_key
from audit.keys.private_file import create_file, locked
from audit.keys.signing import create_signing_key, read_signing_key, read_signing_public_key
from audit.ledger.models import Checkpoint, Writer
from audit.tlog.vkeys import SigningKey, VerifierKey


def checkpoint_signer() -> SigningKey:
    """Return the key that signs checkpoints. Raises: KeysError."""
    return SigningKey(settings.TACIT_AUDIT_ORIGIN, _signing_key(signing_key_file()))


def checkpoint_verifier() -> VerifierKey:
    """Return the key that auditors and witnesses pin; it needs no key-encryption key. Raises: KeysError."""
    if not signing_key_file().exists():
        return checkpoint_signer().verifier
    return VerifierKey(settings.TACIT_AUDIT_ORIGIN, read_signing_public_key(signing_key_file()))


def officer_key() -> X25519PublicKey:
    """Return the public half of the officer's keys. Raises: KeysError."""
    public = officer_public_key_file()
    if not public.exists() and not Writer.objects.exists():
        _create_officer_keys(public)
    return officer_public_key()


def officer_private_file() -> Path:
    """Return where the private half lies until the officer takes it away."""
    return officer_public_key_file().with_name("officer-private.pem")


def officer_passphrase_file() -> Path:
    """Return where its passphrase lies until then."""
    return officer_public_key_file().with_name("officer-passphrase.txt")


def _create_officer_keys(public: Path) -> None:
    public.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(public):
        if public.exists():  # another process was first
            return
        passphrase = new_passphrase()
        create_officer_keys(private_path=officer_private_file(), public_path=public, passphrase=passphrase)
        create_file(officer_passphrase_file(), f"{passphrase}\n".encode())


@lru_cache(maxsize=4)
def _signing_key(path: Path) -> Ed25519PrivateKey:
    if not path.exists() and not Checkpoint.objects.exists():
        with contextlib.suppress(KeyFileExists):
            return create_signing_key(path, key_encryptor())
    return read_signing_key(path, key_encryptor())
