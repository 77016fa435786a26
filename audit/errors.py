"""What can go wrong with the record.

AuditUnavailable   the event could not be written, so the act must not happen
"""


class AuditUnavailable(Exception):
    """The audit event could not be written; without it nothing may be read (45 CFR 164.312(b))."""
