"""Why something was not allowed.

ComplianceError
├── AccessDenied          this role may not do this
└── NoCareRelationship    no such patient in this clinician's care (also where the patient does not exist)
"""


class ComplianceError(Exception):
    """The act is not allowed; the refusal is in the audit record."""


class AccessDenied(ComplianceError):
    """The account's role may not do this."""


class NoCareRelationship(ComplianceError):
    """The patient is not in this clinician's care. The same answer as for a patient who does not exist."""
