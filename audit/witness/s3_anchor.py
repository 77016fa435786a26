"""An anchor in a bucket with S3 Object Lock: what is put there cannot be deleted before its time, by nobody.

Works with AWS S3 and with servers that speak its protocol and its Object Lock (MinIO, Ceph and others).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from audit.tlog.checkpoints import MAX_SIZE, Checkpoint, open_checkpoint
from audit.tlog.errors import TlogError
from audit.tlog.notes import MAX_NOTE_BYTES
from audit.tlog.vkeys import VerifierKey
from audit.witness.addresses import checked_address
from audit.witness.anchors import is_news
from audit.witness.errors import AnchorInvalid, AnchorUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

# 45 CFR 164.316(b)(2)(i): six years.
RETENTION = timedelta(days=6 * 366)
_MODE: Literal["COMPLIANCE"] = "COMPLIANCE"


def s3_client(*, endpoint: str | None = None, region: str | None = None) -> "S3Client":
    """Return a client; credentials come from where AWS tools look for them (environment, files, instance role).

    Raises: AnchorUnavailable where boto3 is not installed, SettingInvalid for a plain http endpoint elsewhere.
    """
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise AnchorUnavailable(
            "boto3 is not installed: pip install boto3, or use a file as the anchor"
        ) from error
    address = checked_address(endpoint) if endpoint else None
    # Other servers than AWS rarely have a host name for each bucket.
    style = Config(s3={"addressing_style": "path"}) if address else Config()
    limits = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "max_attempts": 3})
    client: S3Client = boto3.client(
        "s3", endpoint_url=address, region_name=region, config=limits.merge(style)
    )
    return client


@dataclass(frozen=True)
class S3Anchor:
    """A bucket made with Object Lock, a prefix in it, and how long each checkpoint must stay."""

    client: "S3Client"
    bucket: str
    origin: str
    log_keys: Sequence[VerifierKey]
    prefix: str = "tacit-audit/"
    retention: timedelta = RETENTION

    def anchor(self, note: bytes) -> Checkpoint:
        """Put a signed checkpoint, unless it is the newest one already, read it back, and return it.

        Raises: AnchorBackwards, AnchorUnavailable, AnchorInvalid; what `open_checkpoint` raises for the note.
        """
        offered, parsed = open_checkpoint(note, origin=self.origin, log_keys=self.log_keys)
        if is_news(offered, self.newest()):
            data, until = str(parsed).encode(), datetime.now(UTC) + self.retention
            with _told(f"The bucket {self.bucket} did not take the checkpoint"):
                put = self.client.put_object(
                    Bucket=self.bucket,
                    Key=self._key(offered.size),
                    Body=data,
                    ContentType="text/plain; charset=utf-8",
                    ChecksumAlgorithm="SHA256",
                    ObjectLockMode=_MODE,
                    ObjectLockRetainUntilDate=until,
                )
            self._check_kept(self._key(offered.size), put.get("VersionId", ""), data, until)
        return offered

    def newest(self) -> Checkpoint | None:
        """Return the newest checkpoint in the bucket, None where there is none.

        Versions are read, not objects: a delete marker hides an object and leaves its locked versions where they are.
        What the log did not sign is passed over: anyone who may write to the bucket can put it there.
        Raises: AnchorUnavailable.
        """
        with _told(f"The bucket {self.bucket} cannot be read"):
            for key, version in self._versions():
                checkpoint = self._opened(self._read(key, version))
                if checkpoint and self._key(checkpoint.size) == key:
                    return checkpoint
        return None

    def _key(self, size: int) -> str:
        # Keys are listed in ascending order, so the count runs down: the newest checkpoint is the first.
        return f"{self.prefix}{MAX_SIZE - size:019d}-{size}.note"

    def _versions(self) -> Iterator[tuple[str, str]]:
        pages = self.client.get_paginator("list_object_versions").paginate(
            Bucket=self.bucket, Prefix=self.prefix
        )
        for page in pages:
            yield from ((each["Key"], each["VersionId"]) for each in page.get("Versions", ()))

    def _read(self, key: str, version: str) -> bytes:
        found = self.client.get_object(Bucket=self.bucket, Key=key, VersionId=version)
        with found["Body"] as body:
            return body.read(MAX_NOTE_BYTES + 1)

    def _opened(self, data: bytes) -> Checkpoint | None:
        try:
            return open_checkpoint(data, origin=self.origin, log_keys=self.log_keys)[0]
        except TlogError:
            return None

    def _check_kept(self, key: str, version: str, data: bytes, until: datetime) -> None:
        """Check that the bucket has what it was given and locked it: some servers ignore the lock in silence."""
        with _told(f"The bucket {self.bucket} cannot be read"):
            if not (version and self._is_locked(key, version, until) and self._read(key, version) == data):
                raise AnchorInvalid(
                    f"The bucket {self.bucket} took the checkpoint and does not lock it: make a new bucket with Object "
                    "Lock (it cannot always be switched on later) and name that one"
                )

    def _is_locked(self, key: str, version: str, until: datetime) -> bool:
        head = self.client.head_object(Bucket=self.bucket, Key=key, VersionId=version)
        # Servers keep whole seconds.
        return head.get("ObjectLockMode") == _MODE and head["ObjectLockRetainUntilDate"] > until - timedelta(
            seconds=2
        )


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn what the client raises into AnchorUnavailable with the service's error code, and nothing else of it."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        raise AnchorUnavailable(
            f"{what}: {code}. Check the bucket's name, Object Lock and the rights"
        ) from error
    except BotoCoreError as error:
        raise AnchorUnavailable(
            f"{what}: {type(error).__name__}. Check address, region and credentials"
        ) from error
