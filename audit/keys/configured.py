"""The keeper that this installation chose; the only place of these keys that reads settings."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from audit.keys.aws_kms import AwsKms
from audit.keys.errors import KeySettingInvalid
from audit.keys.file_keyring import FileKeyring
from audit.keys.vault import VaultTransit
from audit.keys.wrapping import KeyEncryptor


def key_encryptor() -> KeyEncryptor:
    """Return the keeper that TACIT_AUDIT_KEYS names. Raises: KeySettingInvalid."""
    return keeper(settings.TACIT_AUDIT_KEYS)


def keeper(name: str) -> KeyEncryptor:
    """Return one keeper with this installation's settings, also one that was left. Raises: KeySettingInvalid."""
    if name not in KEEPERS:
        raise KeySettingInvalid(f"TACIT_AUDIT_KEYS must be one of {', '.join(KEEPERS)}, not {name!r}")
    return KEEPERS[name]()


def signing_key_file() -> Path:
    """Return where the ledger's signing key is."""
    return Path(settings.TACIT_AUDIT_SIGNING_KEY)


def officer_public_key_file() -> Path:
    """Return where the public half of the officer's keys is."""
    return Path(settings.TACIT_AUDIT_OFFICER_KEY)


def _file_keyring() -> KeyEncryptor:
    return FileKeyring(Path(settings.TACIT_AUDIT_KEYRING))


def _vault() -> KeyEncryptor:
    if not (settings.TACIT_VAULT_ADDR and settings.TACIT_VAULT_TOKEN_FILE):
        raise KeySettingInvalid(
            "Vault needs TACIT_VAULT_ADDR and TACIT_VAULT_TOKEN_FILE: see docs/audit-keys.md"
        )
    return VaultTransit(
        address=settings.TACIT_VAULT_ADDR,
        token_file=Path(settings.TACIT_VAULT_TOKEN_FILE),
        key=settings.TACIT_VAULT_KEY,
        mount=settings.TACIT_VAULT_MOUNT,
        namespace=settings.TACIT_VAULT_NAMESPACE,
        ca_file=Path(settings.TACIT_VAULT_CA_FILE) if settings.TACIT_VAULT_CA_FILE else None,
    )


def _aws_kms() -> KeyEncryptor:
    return _shared_aws_kms(settings.TACIT_KMS_KEY, settings.TACIT_KMS_REGION, settings.TACIT_KMS_ENDPOINT)


@lru_cache(maxsize=4)
def _shared_aws_kms(key: str, region: str, endpoint: str) -> AwsKms:
    """Return one client for one configuration: making one takes a tenth of a second."""
    return AwsKms(key=key, region=region, endpoint=endpoint)


KEEPERS: dict[str, Callable[[], KeyEncryptor]] = {
    "file": _file_keyring,
    "vault": _vault,
    "aws-kms": _aws_kms,
}
