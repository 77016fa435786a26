"""Anchors only grow: a file, and a bucket with S3 Object Lock."""

import builtins
import io
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from audit.tlog.checkpoints import Checkpoint, sign_checkpoint
from audit.tlog.errors import KeyUntrusted, OriginMismatch
from audit.tlog.vkeys import SigningKey
from audit.witness.anchors import Anchor
from audit.witness.errors import AnchorBackwards, AnchorInvalid, AnchorUnavailable, SettingInvalid
from audit.witness.file_anchor import FileAnchor
from audit.witness.files import locked
from audit.witness.s3_anchor import RETENTION, S3Anchor, s3_client
from tests.audit.tlog.logs import MemoryLog, leaves
from tests.audit.witness.conftest import LOG_KEY, ORIGIN, note_of

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

KEYS = [LOG_KEY.verifier]
BUCKET = "audit-anchors"


@pytest.fixture
def file_anchor(tmp_path: Path) -> FileAnchor:
    return FileAnchor(tmp_path / "anchors.ndjson", origin=ORIGIN, log_keys=KEYS)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator["S3Client"]:
    """S3 in this process: moto answers before a socket is opened."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = s3_client(region="us-east-1")
        client.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
        yield client


@pytest.fixture
def s3_anchor(s3: "S3Client") -> S3Anchor:
    return S3Anchor(s3, BUCKET, ORIGIN, KEYS)


@pytest.fixture(params=["file", "s3"])
def anchor(request: pytest.FixtureRequest) -> Anchor:
    found: Anchor = request.getfixturevalue(f"{request.param}_anchor")
    return found


def log_of(size: int, label: str = "entry") -> MemoryLog:
    return MemoryLog().append(leaves(size, label))


def test_an_anchor_keeps_the_newest_checkpoint(anchor: Anchor) -> None:
    assert anchor.newest() is None
    for size in (0, 3, 12, 100):
        anchored = anchor.anchor(note_of(log_of(size)))
        assert anchored.size == size
        assert anchor.newest() == anchored


def test_an_anchor_refuses_to_go_backwards(anchor: Anchor) -> None:
    newest = anchor.anchor(note_of(log_of(12)))
    with pytest.raises(AnchorBackwards, match="3 entries, and 12 are anchored"):
        anchor.anchor(note_of(log_of(3)))
    with pytest.raises(AnchorBackwards, match="another tree of 12"):
        anchor.anchor(note_of(log_of(12, "other")))
    assert anchor.newest() == newest


def test_only_what_the_log_signed_is_anchored(anchor: Anchor) -> None:
    stranger = log_of(3).signed(SigningKey.generate(ORIGIN))
    with pytest.raises(KeyUntrusted):
        anchor.anchor(str(stranger).encode())
    other_log = sign_checkpoint(Checkpoint("other.example/audit", 3, bytes(32)), LOG_KEY)
    with pytest.raises(OriginMismatch):
        anchor.anchor(str(other_log).encode())
    assert anchor.newest() is None


# --- the file ---------------------------------------------------------------------------------------------


def lines_of(anchor: FileAnchor) -> list[dict[str, str]]:
    return [json.loads(line) for line in anchor._path.read_text().splitlines()]


def test_the_file_holds_the_signed_notes_in_order(file_anchor: FileAnchor) -> None:
    for size in (3, 3, 12):
        file_anchor.anchor(note_of(log_of(size)))
    assert [line["note"].encode() for line in lines_of(file_anchor)] == [
        note_of(log_of(3)),
        note_of(log_of(12)),
    ]
    assert datetime.fromisoformat(lines_of(file_anchor)[0]["anchored_at"]).tzinfo


def test_a_line_is_on_the_disk_before_it_counts(
    file_anchor: FileAnchor, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def counted(descriptor: int) -> None:
        synced.append(descriptor)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", counted)
    file_anchor.anchor(note_of(log_of(3)))
    assert len(synced) == 2  # the file, and the folder that has it since now
    file_anchor.anchor(note_of(log_of(4)))
    assert len(synced) == 3


def test_a_line_that_a_crash_cut_off_does_not_count(file_anchor: FileAnchor) -> None:
    kept = file_anchor.anchor(note_of(log_of(3)))
    with file_anchor._path.open("ab") as stream:
        stream.write(b'{"anchored_at": "2026-01-01T00:00:00+00:00", "no')
    assert file_anchor.newest() == kept
    file_anchor.anchor(note_of(log_of(5)))
    assert len(lines_of(file_anchor)) == 2


def test_a_first_line_that_was_cut_off_does_not_count(file_anchor: FileAnchor) -> None:
    file_anchor._path.write_bytes(b'{"anchored_at')
    assert file_anchor.newest() is None
    file_anchor.anchor(note_of(log_of(5)))
    assert len(lines_of(file_anchor)) == 1


@pytest.mark.parametrize("line", ["nonsense", "[]", "{}", '{"note": 1}', '{"note": "text"}', ""])
def test_a_file_that_another_wrote_to_is_not_trusted(file_anchor: FileAnchor, line: str) -> None:
    file_anchor.anchor(note_of(log_of(3)))
    with file_anchor._path.open("a") as stream:
        stream.write(f"{line}\n")
    with pytest.raises(AnchorInvalid, match="find out who wrote it"):
        file_anchor.newest()
    with pytest.raises(AnchorInvalid):
        file_anchor.anchor(note_of(log_of(5)))


def test_the_newest_line_of_a_long_file_is_found(file_anchor: FileAnchor) -> None:
    file_anchor.anchor(note_of(log_of(3)))
    line = file_anchor._path.read_text()
    file_anchor._path.write_text(line * 9_000)
    file_anchor.anchor(note_of(log_of(5)))
    newest = file_anchor.newest()
    assert newest is not None
    assert newest.size == 5


def test_two_do_not_anchor_in_one_file_at_once(file_anchor: FileAnchor) -> None:
    with (
        locked(file_anchor._path.with_name("anchors.ndjson.lock")),
        pytest.raises(AnchorUnavailable, match="Another process"),
    ):
        file_anchor.anchor(note_of(log_of(3)))


def test_a_file_that_cannot_be_used_is_unavailable(tmp_path: Path) -> None:
    missing = FileAnchor(tmp_path / "missing" / "anchors", origin=ORIGIN, log_keys=KEYS)
    with pytest.raises(AnchorUnavailable, match="No such file"):
        missing.anchor(note_of(log_of(3)))
    folder = FileAnchor(tmp_path, origin=ORIGIN, log_keys=KEYS)
    with pytest.raises(AnchorUnavailable, match="directory"):
        folder.newest()


# --- the bucket -------------------------------------------------------------------------------------------


def versions(s3: "S3Client") -> list[dict[str, Any]]:
    return list(s3.list_object_versions(Bucket=BUCKET).get("Versions", []))  # type: ignore[arg-type]


def test_a_checkpoint_is_locked_for_six_years(s3: "S3Client", s3_anchor: S3Anchor) -> None:
    s3_anchor.anchor(note_of(log_of(3)))
    (version,) = versions(s3)
    head = s3.head_object(Bucket=BUCKET, Key=version["Key"])
    assert head["ObjectLockMode"] == "COMPLIANCE"
    assert head["ObjectLockRetainUntilDate"] > datetime.now(UTC) + RETENTION - timedelta(minutes=1)
    assert timedelta(days=6 * 365 + 2) <= RETENTION
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])


def test_the_same_checkpoint_is_put_once(s3: "S3Client", s3_anchor: S3Anchor) -> None:
    for _ in range(3):
        s3_anchor.anchor(note_of(log_of(3)))
    assert len(versions(s3)) == 1


def test_a_delete_marker_does_not_hide_a_checkpoint(s3: "S3Client", s3_anchor: S3Anchor) -> None:
    s3_anchor.anchor(note_of(log_of(3)))
    newest = s3_anchor.anchor(note_of(log_of(12)))
    for version in versions(s3):
        s3.delete_object(Bucket=BUCKET, Key=version["Key"])
    assert s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
    assert s3_anchor.newest() == newest
    with pytest.raises(AnchorBackwards):
        s3_anchor.anchor(note_of(log_of(4)))


def test_what_others_put_into_the_bucket_does_not_hide_a_checkpoint(
    s3: "S3Client", s3_anchor: S3Anchor
) -> None:
    newest = s3_anchor.anchor(note_of(log_of(12)))
    s3.put_object(Bucket=BUCKET, Key=s3_anchor._key(12), Body=b"nonsense")
    s3.put_object(Bucket=BUCKET, Key=s3_anchor._key(10**9), Body=b"nonsense")
    # A checkpoint that the log did sign, under the name of a larger one.
    s3.put_object(Bucket=BUCKET, Key=s3_anchor._key(13), Body=note_of(log_of(3)))
    assert s3_anchor.newest() == newest


def test_the_newest_of_many_is_listed_first(s3: "S3Client", s3_anchor: S3Anchor) -> None:
    keys = [s3_anchor._key(size) for size in (0, 1, 9, 10, 99_999, 10**18, 2**63 - 1)]
    assert sorted(keys, reverse=True) == keys


def test_a_bucket_without_object_lock_is_refused(s3: "S3Client") -> None:
    s3.create_bucket(Bucket="ordinary")
    anchor = S3Anchor(s3, "ordinary", ORIGIN, KEYS)
    with pytest.raises((AnchorUnavailable, AnchorInvalid), match="Object Lock"):
        anchor.anchor(note_of(log_of(3)))


class Ignoring:
    """A server that takes the lock's headers and does nothing with them, or keeps another text."""

    def __init__(self, client: "S3Client", *, body: bytes | None = None) -> None:
        self._client, self._body = client, body

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def head_object(self, **asked: Any) -> Any:
        found = self._client.head_object(**asked)
        return found if self._body else {**found, "ObjectLockMode": None}

    def get_object(self, **asked: Any) -> Any:
        found = self._client.get_object(**asked)
        return {**found, "Body": io.BytesIO(self._body)} if self._body else found


@pytest.mark.parametrize("body", [None, b"something else"])
def test_a_server_that_does_not_keep_what_it_took_is_found_out(s3: "S3Client", body: bytes | None) -> None:
    anchor = S3Anchor(Ignoring(s3, body=body), BUCKET, ORIGIN, KEYS)  # type: ignore[arg-type]
    with pytest.raises(AnchorInvalid, match="does not lock it"):
        anchor.anchor(note_of(log_of(3)))


def test_a_bucket_that_is_not_there_is_unavailable(s3: "S3Client") -> None:
    anchor = S3Anchor(s3, "no-such-bucket", ORIGIN, KEYS)
    with pytest.raises(AnchorUnavailable, match="NoSuchBucket"):
        anchor.newest()


def test_a_server_that_is_down_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    client = s3_client(endpoint="http://127.0.0.1:9", region="us-east-1")
    with pytest.raises(AnchorUnavailable, match="EndpointConnectionError"):
        S3Anchor(client, BUCKET, ORIGIN, KEYS).newest()


def test_the_bucket_is_not_spoken_to_in_the_clear() -> None:
    with pytest.raises(SettingInvalid, match="https"):
        s3_client(endpoint="http://minio.hospital.example:9000")


def test_without_boto3_the_fix_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "boto3"]:
        monkeypatch.delitem(sys.modules, name)
    original = builtins.__import__

    def without_boto3(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "boto3":
            raise ImportError(name)
        return original(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without_boto3)
    with pytest.raises(AnchorUnavailable, match="pip install boto3"):
        s3_client()
