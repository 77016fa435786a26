"""What can go wrong with the record. Messages name no patient and are safe to show.

AuditError
├── AuditUnavailable   the event could not be written, so the act must not happen
├── KeyMissing         a key that entries need is not there
├── EntryUnreadable    an entry, or its key, is not what was written
├── SealerBusy         another process seals
├── AnchorsMissing     no anchor is configured
└── RequestInvalid     what is asked of the record cannot be: the message says why
"""


class AuditError(Exception):
    """The record cannot be written or read as it should be."""


class AuditUnavailable(AuditError):
    """The audit event could not be written; without it nothing may be read (45 CFR 164.312(b))."""


class KeyMissing(AuditError):
    """A key that entries need is not there."""


class EntryUnreadable(AuditError):
    """An entry, or its key, is not what was written."""


class SealerBusy(AuditError):
    """Another process holds the sealer's lease."""


class AnchorsMissing(AuditError):
    """No anchor is configured."""


class RequestInvalid(AuditError):
    """What is asked of the record cannot be."""
