"""What can go wrong between an event and its AuditEvent.

BalpError
├── UnknownAction      the action is not in the table of audit/balp/actions.py
├── EventInvalid       the event or its context cannot be written as an AuditEvent
└── DocumentInvalid    the document is no AuditEvent of this record
"""


class BalpError(ValueError):
    """An event and an AuditEvent do not fit together; the message names fields and codes, never their content."""


class UnknownAction(BalpError):
    """The action has no line in ACTIONS; without one the act must not happen."""


class EventInvalid(BalpError):
    """The event or its context breaks a rule of the AuditEvent."""


class DocumentInvalid(BalpError):
    """What should be an AuditEvent of this record is none."""
