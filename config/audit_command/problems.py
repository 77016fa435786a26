"""How a failure of `manage.py audit` is told: one message, or one problem document under `--json`; exit code 1."""

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from audit.errors import AnchorsMissing, AuditError, EntryUnreadable, RequestInvalid, SealerBusy
from audit.export.errors import ExportError
from audit.keys.errors import EscrowError, KeysError
from audit.operations.verifying import VerificationFailed
from audit.tlog.errors import TlogError
from audit.witness.errors import AnchorBackwards, AnchorError
from clinical.problems import Problem
from config.commands import problems_told

# The first class that matches decides. Our messages say what, where and how to fix, so they are the detail.
PROBLEMS: dict[type[Exception], Problem] = {
    RequestInvalid: Problem(422, "audit-request-invalid", "The audit record cannot do this", ""),
    VerificationFailed: Problem(409, "audit-verification-failed", "The audit record does not hold", ""),
    AnchorsMissing: Problem(422, "audit-anchors-missing", "No anchor is configured", ""),
    SealerBusy: Problem(409, "audit-sealer-busy", "Another process seals", ""),
    AnchorBackwards: Problem(409, "audit-rolled-back", "The audit record was rolled back", ""),
    ExportError: Problem(422, "audit-export-failed", "The export could not be made", ""),
    AnchorError: Problem(502, "audit-anchor-failed", "The anchor did not take the checkpoint", ""),
    EscrowError: Problem(422, "audit-escrow-failed", "The shares cannot be used", ""),
    KeysError: Problem(503, "audit-keys-unavailable", "A key of the audit record cannot be used", ""),
    EntryUnreadable: Problem(409, "audit-entry-unreadable", "An audit entry does not open", ""),
    TlogError: Problem(409, "audit-tree-invalid", "A tree or checkpoint cannot be used", ""),
    AuditError: Problem(503, "audit-failed", "The audit record cannot be used", ""),
}
EXPECTED: tuple[type[Exception], ...] = (*PROBLEMS, DatabaseError)
# Whatever a database says may quote a row.
NO_DATABASE = "The database does not answer, or refuses: check DATABASE_URL, its rights and its disk"


def _document(error: Exception) -> dict[str, object]:
    """Return the problem; of a verification that failed with the code of the lie."""
    if isinstance(error, DatabaseError):
        return PROBLEMS[AuditError].document(NO_DATABASE)
    problem = next(problem for kind, problem in PROBLEMS.items() if isinstance(error, kind))
    document = problem.document(str(error))
    return {**document, "code": error.code} if isinstance(error, VerificationFailed) else document


@contextmanager
def audit_problems_told(command: BaseCommand, *, as_json: bool) -> Iterator[None]:
    """Turn every expected failure into one clear message and exit code 1."""
    try:
        yield
    except EXPECTED as error:
        # A query that the error interrupted is closed now, and not after the database is.
        traceback.clear_frames(error.__traceback__)
        document = _document(error)
        if as_json:
            command.stdout.write(json.dumps(document, ensure_ascii=False))
            raise SystemExit(1) from None
        code = f"{document['code']}: " if "code" in document else ""
        raise CommandError(f"{code}{document['detail']}") from None
    except Exception:
        with problems_told(command, as_json=as_json):
            raise
