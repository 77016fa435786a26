"""Why something was not allowed.

ComplianceError
├── AccessDenied          this role may not do this
├── NoCareRelationship    no such patient in this clinician's care (also where the patient does not exist)
└── ExportError           an export of the record
    ├── ExportNotFound        no such export for this officer, or it has expired
    ├── ExportNotReady        it is not written yet, or it failed
    ├── ExportDamaged         its file or its row is not what was written
    ├── ApprovalRefused       it cannot be approved by this officer, or not now
    └── ExportsUnavailable    no Redis: nothing was queued
"""


class ComplianceError(Exception):
    """The act is not allowed; the refusal is in the audit record."""


class AccessDenied(ComplianceError):
    """The account's role may not do this."""


class NoCareRelationship(ComplianceError):
    """The patient is not in this clinician's care. The same answer as for a patient who does not exist."""


class ExportError(ComplianceError):
    """An export of the record could not be served."""


class ExportNotFound(ExportError):
    """There is no such export for this officer, or it has expired."""


class ExportNotReady(ExportError):
    """The export is not written yet, or it failed."""


class ExportDamaged(ExportError):
    """The export's file or row is not what was written."""


class ApprovalRefused(ExportError):
    """The export cannot be approved by this officer, or not now."""


class ExportsUnavailable(ExportError):
    """Redis does not answer, so nothing was queued."""
