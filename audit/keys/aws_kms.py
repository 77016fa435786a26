"""AWS KMS as the keeper: its key never leaves it, and the context is its encryption context.

An encryption context stands in clear in CloudTrail, so it is sent as a hash. Source: AWS KMS API reference,
Encrypt, Decrypt, ReEncrypt, RotateKeyOnDemand.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from audit.keys.errors import (
    KeySettingInvalid,
    ProviderRefused,
    ProviderUnavailable,
    UnknownKek,
    UnwrapFailed,
)
from audit.keys.wrapping import Wrapped

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

TIMEOUT_SECONDS = 10
ATTEMPTS = 3
_PREFIX = "aws-kms:"
CHANGED = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
UNKNOWN = frozenset({"NotFoundException", "InvalidArnException"})
TEMPORARY = frozenset(
    {
        "ThrottlingException",
        "LimitExceededException",
        "KMSInternalException",
        "InternalFailure",
        "ServiceUnavailable",
        "DependencyTimeoutException",
        "KeyUnavailableException",
        "RequestTimeout",
    }
)


class AwsKms:
    """A `KeyEncryptor` over a symmetric KMS key, named by its id, ARN or alias.

    KMS rotates a key's material below an id that stays and keeps the old material, so nothing needs to be rewrapped
    after `rotate`. A new id comes from pointing the alias at another key. Credentials are found as boto3 finds them.
    """

    def __init__(self, *, key: str, region: str = "", endpoint: str = "") -> None:
        if not key:
            raise KeySettingInvalid("TACIT_KMS_KEY is not set: name the key by its ARN or alias")
        self._key = key
        self._region = region or None
        self._endpoint = endpoint or None
        self._client_of: tuple[int, KMSClient] | None = None

    @property
    def kek_id(self) -> str:
        """The id of the key that wraps now: its ARN."""
        return self._kek_id_of(self._key)

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """Return the secret under the key, at most 4,096 bytes."""
        answer = self._told(
            lambda kms: kms.encrypt(
                KeyId=self._key, Plaintext=secret, EncryptionContext=_encryption_context(context)
            )
        )
        return Wrapped(_PREFIX + answer["KeyId"], answer["CiphertextBlob"])

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """Return the secret. Raises: UnwrapFailed, UnknownKek, ProviderError."""
        arn = _arn(wrapped.kek_id)
        answer = self._told(
            lambda kms: kms.decrypt(
                KeyId=arn, CiphertextBlob=wrapped.blob, EncryptionContext=_encryption_context(context)
            )
        )
        return cast("bytes", answer["Plaintext"])

    def rewrap(self, wrapped: Wrapped, context: bytes) -> Wrapped:
        """Return the same secret under the current key; it stays inside KMS."""
        arn, authenticated = _arn(wrapped.kek_id), _encryption_context(context)
        answer = self._told(
            lambda kms: kms.re_encrypt(
                CiphertextBlob=wrapped.blob,
                SourceKeyId=arn,
                SourceEncryptionContext=authenticated,
                DestinationKeyId=self._key,
                DestinationEncryptionContext=authenticated,
            )
        )
        return Wrapped(_PREFIX + answer["KeyId"], answer["CiphertextBlob"])

    def rotate(self) -> str:
        """Give the key new material and return its id, which stays."""
        arn = _arn(self.kek_id)
        self._told(lambda kms: kms.rotate_key_on_demand(KeyId=arn))
        return _PREFIX + arn

    def check_holds(self, kek_ids: Iterable[str]) -> None:
        """Raise UnknownKek where a key is not of KMS or not there, ProviderRefused where it is switched off."""
        for kek_id in sorted(set(kek_ids)):
            self._kek_id_of(_arn(kek_id))

    def _kek_id_of(self, key: str) -> str:
        described = self._told(lambda kms: kms.describe_key(KeyId=key))["KeyMetadata"]
        if not described["Enabled"]:
            raise ProviderRefused(
                f"The KMS key {described['Arn']} is switched off or about to be deleted: enable it, or cancel its deletion"
            )
        return _PREFIX + str(described["Arn"])

    def _told(self, call: "Callable[[KMSClient], Any]") -> dict[str, Any]:
        """Return KMS's answer. Raises what its error means, outside the handler: its exceptions may keep the request."""
        # Imported here: half a second that only those who chose KMS wait.
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return cast("dict[str, Any]", call(self._client()))
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
        except BotoCoreError as error:
            code = type(error).__name__
        raise _failure(code)

    def _client(self) -> "KMSClient":
        """Return this process's client: a forked process must not share connections."""
        import boto3
        from botocore.config import Config

        if self._client_of is None or self._client_of[0] != os.getpid():
            settings = Config(
                connect_timeout=TIMEOUT_SECONDS,
                read_timeout=TIMEOUT_SECONDS,
                retries={"mode": "standard", "max_attempts": ATTEMPTS},
            )
            client = boto3.session.Session().client(
                "kms", region_name=self._region, endpoint_url=self._endpoint, config=settings
            )
            self._client_of = os.getpid(), client
        return self._client_of[1]


def _encryption_context(context: bytes) -> dict[str, str]:
    return {"tacit-context": hashlib.sha256(context).hexdigest()}


def _arn(kek_id: str) -> str:
    arn = kek_id.removeprefix(_PREFIX)
    if arn == kek_id:
        raise UnknownKek(f"{kek_id} is no key of AWS KMS: check TACIT_AUDIT_KEYS")
    return arn


def _failure(code: str) -> Exception:
    """Return what KMS's error code, or the name of boto3's exception, means."""
    if code in CHANGED:
        return UnwrapFailed("The wrapped key does not open in AWS KMS: it was changed, or belongs elsewhere")
    if code in UNKNOWN:
        return UnknownKek("AWS KMS has no such key: check TACIT_KMS_KEY and TACIT_KMS_REGION")
    if (
        code in TEMPORARY
        or code.endswith(("ConnectionError", "TimeoutError", "ClosedError"))
        or code == "SSLError"
    ):
        return ProviderUnavailable(f"AWS KMS does not answer ({code}): check the network, then try again")
    if code in {"NoRegionError", "InvalidRegionError"}:
        return KeySettingInvalid("TACIT_KMS_REGION names no AWS region: set it, like eu-central-1")
    return ProviderRefused(
        f"AWS KMS refused ({code}): check the credentials, the key's policy and that it is enabled"
    )
