"""The keeper that the settings choose."""

import subprocess
import sys

import pytest

from audit.keys.aws_kms import AwsKms
from audit.keys.configured import keeper, key_encryptor, officer_public_key_file, signing_key_file
from audit.keys.errors import KeySettingInvalid
from audit.keys.file_keyring import FileKeyring
from audit.keys.vault import VaultTransit


def test_a_file_is_the_default_and_lies_under_the_home(settings):
    encryptor = key_encryptor()
    assert isinstance(encryptor, FileKeyring)
    for path in (encryptor.path, signing_key_file(), officer_public_key_file()):
        assert path.is_relative_to(settings.TACIT_HOME)


def test_vault_takes_its_settings(settings, tmp_path):
    settings.TACIT_AUDIT_KEYS = "vault"
    settings.TACIT_VAULT_ADDR = "https://vault.example:8200"
    settings.TACIT_VAULT_TOKEN_FILE = str(tmp_path / "token")
    settings.TACIT_VAULT_NAMESPACE = "hospital"
    settings.TACIT_VAULT_CA_FILE = str(tmp_path / "ca.pem")
    assert key_encryptor() == VaultTransit(
        address="https://vault.example:8200",
        token_file=tmp_path / "token",
        namespace="hospital",
        ca_file=tmp_path / "ca.pem",
    )


@pytest.mark.parametrize("missing", ["TACIT_VAULT_ADDR", "TACIT_VAULT_TOKEN_FILE"])
def test_vault_without_an_address_or_a_token_is_told(settings, missing):
    settings.TACIT_AUDIT_KEYS = "vault"
    settings.TACIT_VAULT_ADDR, settings.TACIT_VAULT_TOKEN_FILE = "https://vault.example", "/token"
    setattr(settings, missing, "")
    with pytest.raises(KeySettingInvalid, match=missing):
        key_encryptor()


def test_kms_is_one_object_for_one_configuration(settings):
    settings.TACIT_AUDIT_KEYS = "aws-kms"
    settings.TACIT_KMS_KEY, settings.TACIT_KMS_REGION = "alias/tacit-audit", "eu-central-1"
    assert isinstance(key_encryptor(), AwsKms)
    assert key_encryptor() is key_encryptor()
    settings.TACIT_KMS_KEY = ""
    with pytest.raises(KeySettingInvalid, match="TACIT_KMS_KEY"):
        key_encryptor()


def test_an_unknown_keeper_is_told(settings):
    settings.TACIT_AUDIT_KEYS = "paper"
    with pytest.raises(KeySettingInvalid, match="file, vault, aws-kms"):
        key_encryptor()
    assert isinstance(keeper("file"), FileKeyring)


def test_boto3_is_loaded_only_for_kms():
    script = (
        "import sys, audit.keys.configured; sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
