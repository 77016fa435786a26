"""What says that entries may be gone."""

from audit.ledger.header import timestamp
from audit.ledger.models import Entry, PurgeDeclaration
from audit.ledger.sealed import verifiable
from audit.verifier import Code, VerificationFailed, header_of


def check_purge_rows() -> None:
    """Raise VerificationFailed where a row lets entries be purged that no entry of the record declares."""
    for row in PurgeDeclaration.objects.all():
        entry = Entry.objects.filter(event_id=row.event_id).first()
        header = header_of(verifiable(entry)) if entry else {}
        if (header.get("kind"), header.get("before")) != ("purge", timestamp(row.before)):
            raise VerificationFailed(Code.INDEX_MISMATCH, "A purge is declared to the database alone")
