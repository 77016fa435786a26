"""AWS KMS as the keeper, against moto's KMS: ciphertexts are real AES-GCM, bound to their encryption context."""

import hashlib
import multiprocessing
import os
from collections.abc import Iterator
from typing import Any
from unittest import mock

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, NoCredentialsError
from moto import mock_aws

from audit.keys.aws_kms import AwsKms
from audit.keys.errors import (
    KeySettingInvalid,
    ProviderRefused,
    ProviderUnavailable,
    UnknownKek,
    UnwrapFailed,
)
from audit.keys.wrapping import KeptKey, Wrapped, rewrap
from tests.audit.keys import encryptors

REGION = "eu-central-1"
ALIAS = "alias/tacit-audit"


@pytest.fixture(autouse=True, scope="module")
def aws() -> Iterator[None]:
    """KMS in this process; nothing of this machine's AWS settings is seen."""
    settings = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with mock.patch.dict(os.environ, settings), mock_aws():
        yield


@pytest.fixture(scope="module")
def kms() -> Any:
    return boto3.client("kms", region_name=REGION)


@pytest.fixture(scope="module")
def encryptor(kms: Any) -> AwsKms:
    kms.create_alias(AliasName=ALIAS, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    return AwsKms(key=ALIAS, region=REGION)


@pytest.fixture(autouse=True)
def enabled_key(kms: Any, encryptor: AwsKms) -> None:
    """Point the alias at a new key, so that no test sees what another did to its key."""
    kms.update_alias(AliasName=ALIAS, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def test_a_wrapped_key_opens_only_in_its_context(encryptor):
    encryptors.check_opens_only_in_its_context(encryptor)
    encryptors.check_same_secret_twice_is_two_blobs(encryptor)


def test_every_flipped_bit_is_found(encryptor):
    # moto begins a ciphertext with the key's id, and says "access denied" where that is wrong.
    encryptors.check_flipped_bits_are_found(encryptor, range(0, 90 * 8, 7), also=(ProviderRefused,))
    wrapped = encryptor.wrap(b"secret", b"context")
    for at in range(36, len(wrapped.blob)):
        changed = bytearray(wrapped.blob)
        changed[at] ^= 1
        with pytest.raises(UnwrapFailed):
            encryptor.unwrap(Wrapped(wrapped.kek_id, bytes(changed)), b"context")


def test_an_id_that_is_not_held_is_unknown(encryptor):
    missing = f"aws-kms:arn:aws:kms:{REGION}:123456789012:key/00000000-0000-0000-0000-000000000000"
    with pytest.raises(UnknownKek):
        encryptor.check_holds([encryptor.kek_id, missing])
    for kek_id in ("", "file:0:1", missing):
        with pytest.raises(UnknownKek):
            encryptor.unwrap(Wrapped(kek_id, encryptor.wrap(b"s", b"").blob), b"")
    encryptor.check_holds([])
    encryptor.check_holds([encryptor.kek_id])


def test_the_id_is_the_arn_behind_the_alias(encryptor, kms):
    assert encryptor.kek_id == f"aws-kms:{kms.describe_key(KeyId=ALIAS)['KeyMetadata']['Arn']}"


def test_rotation_keeps_the_id_and_what_was_wrapped(encryptor, kms):
    wrapped = encryptor.wrap(encryptors.SECRET, encryptors.CONTEXT)
    assert encryptor.rotate() == wrapped.kek_id == encryptor.kek_id
    arn = wrapped.kek_id.removeprefix("aws-kms:")
    assert len(kms.list_key_rotations(KeyId=arn)["Rotations"]) == 1
    assert encryptor.unwrap(wrapped, encryptors.CONTEXT) == encryptors.SECRET
    assert list(rewrap([KeptKey("old", wrapped, encryptors.CONTEXT)], encryptor)) == []


def test_an_alias_that_moved_to_another_key_is_a_new_id_and_rewraps_inside_kms(encryptor, kms):
    before = encryptor.wrap(encryptors.SECRET, encryptors.CONTEXT)
    kms.update_alias(AliasName=ALIAS, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    assert encryptor.kek_id != before.kek_id
    assert encryptor.unwrap(before, encryptors.CONTEXT) == encryptors.SECRET
    encryptor.check_holds([before.kek_id, encryptor.kek_id])
    (again,) = rewrap([KeptKey("old", before, encryptors.CONTEXT)], encryptor)
    assert again.wrapped.kek_id == encryptor.kek_id
    assert encryptor.unwrap(again.wrapped, encryptors.CONTEXT) == encryptors.SECRET
    with pytest.raises(UnwrapFailed):
        list(rewrap([KeptKey("old", before, b"another")], encryptor))


def test_a_key_that_is_switched_off_is_told(encryptor, kms):
    kek_id = encryptor.kek_id
    kms.disable_key(KeyId=kek_id.rpartition("/")[2])
    with pytest.raises(ProviderRefused, match="switched off"):
        encryptor.check_holds([kek_id])


def test_the_context_reaches_aws_only_as_a_hash(encryptor):
    with mock.patch.object(encryptor._client(), "encrypt", wraps=encryptor._client().encrypt) as encrypt:
        encryptor.wrap(b"secret", b"data/2026-11-25")
    sent = encrypt.call_args.kwargs["EncryptionContext"]
    assert sent == {"tacit-context": hashlib.sha256(b"data/2026-11-25").hexdigest()}


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("InvalidCiphertextException", UnwrapFailed),
        ("IncorrectKeyException", UnwrapFailed),
        ("NotFoundException", UnknownKek),
        ("ThrottlingException", ProviderUnavailable),
        ("KMSInternalException", ProviderUnavailable),
        ("DependencyTimeoutException", ProviderUnavailable),
        ("AccessDeniedException", ProviderRefused),
        ("DisabledException", ProviderRefused),
        ("KMSInvalidStateException", ProviderRefused),
        ("UnrecognizedClientException", ProviderRefused),
    ],
)
def test_what_kms_says_becomes_a_typed_error_without_what_was_sent(encryptor, monkeypatch, code, error):
    def refused(**call: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": str(call)}}, "Encrypt")

    monkeypatch.setattr(encryptor._client(), "encrypt", refused)
    with pytest.raises(error) as caught:
        encryptor.wrap(b"the secret", b"context")
    assert "the secret" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("failure", "error"),
    [(ConnectTimeoutError(endpoint_url="x"), ProviderUnavailable), (NoCredentialsError(), ProviderRefused)],
)
def test_what_boto3_says_becomes_a_typed_error(encryptor, monkeypatch, failure, error):
    def failed(**_: Any) -> None:
        raise failure

    monkeypatch.setattr(encryptor._client(), "encrypt", failed)
    with pytest.raises(error):
        encryptor.wrap(b"secret", b"context")


def test_an_endpoint_where_nothing_listens_is_unavailable(monkeypatch):
    # As moto's own servers may be, this address is not answered by moto: nothing listens there.
    encryptor = AwsKms(key=ALIAS, region=REGION, endpoint="http://127.0.0.1:9")
    monkeypatch.setattr("audit.keys.aws_kms.ATTEMPTS", 1)
    with pytest.raises(ProviderUnavailable):
        encryptor.wrap(b"secret", b"context")


def test_a_missing_key_or_region_is_told(monkeypatch):
    with pytest.raises(KeySettingInvalid, match="TACIT_KMS_KEY"):
        AwsKms(key="")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with pytest.raises(KeySettingInvalid, match="TACIT_KMS_REGION"):
        AwsKms(key=ALIAS).wrap(b"secret", b"context")


def test_a_forked_process_has_a_client_of_its_own(encryptor):
    mine = encryptor._client()
    assert encryptor._client() is mine
    process = multiprocessing.get_context("fork").Process(
        target=lambda: os._exit(0 if encryptor._client() is not mine else 1)
    )
    process.start()
    process.join()
    assert process.exitcode == 0
