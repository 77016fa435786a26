"""Takes the newest checkpoint to the anchors that are configured: places that the database's owner cannot rewrite."""

from pathlib import Path

from django.conf import settings

from audit.errors import AnchorsMissing
from audit.ledger.setup import checkpoint_verifier
from audit.ledger.store import newest_checkpoint
from audit.tlog.checkpoints import Checkpoint
from audit.witness.anchors import Anchor
from audit.witness.file_anchor import FileAnchor
from audit.witness.s3_anchor import S3Anchor, s3_client


def anchors() -> dict[str, Anchor]:
    """Return the configured anchors by what they are; none where none is. Raises: KeysError, AnchorUnavailable."""
    found: dict[str, Anchor] = {}
    if settings.TACIT_AUDIT_ANCHOR_FILE:
        found["file"] = FileAnchor(
            Path(settings.TACIT_AUDIT_ANCHOR_FILE),
            origin=settings.TACIT_AUDIT_ORIGIN,
            log_keys=[checkpoint_verifier()],
        )
    if settings.TACIT_AUDIT_ANCHOR_BUCKET:
        found["bucket"] = S3Anchor(
            client=s3_client(
                endpoint=settings.TACIT_AUDIT_ANCHOR_ENDPOINT or None,
                region=settings.TACIT_AUDIT_ANCHOR_REGION or None,
            ),
            bucket=settings.TACIT_AUDIT_ANCHOR_BUCKET,
            origin=settings.TACIT_AUDIT_ORIGIN,
            log_keys=[checkpoint_verifier()],
        )
    return found


def has_anchors() -> bool:
    """Whether an anchor is configured."""
    return bool(settings.TACIT_AUDIT_ANCHOR_FILE or settings.TACIT_AUDIT_ANCHOR_BUCKET)


def anchor_newest() -> dict[str, Checkpoint]:
    """Anchor the newest checkpoint everywhere and return it for each anchor; nothing before the first seal.

    Raises: AnchorsMissing, AnchorBackwards, AnchorUnavailable, AnchorInvalid, KeysError.
    """
    if not has_anchors():
        raise AnchorsMissing(
            "No anchor is configured: name a file in TACIT_AUDIT_ANCHOR_FILE or a bucket in TACIT_AUDIT_ANCHOR_BUCKET"
        )
    newest = newest_checkpoint()
    if newest is None:
        return {}
    return {name: anchor.anchor(newest.note.encode()) for name, anchor in anchors().items()}
