"""What can go wrong with an export.

AuditError
└── ExportError
    ├── FolderTaken       the folder is there already, and is never written over
    ├── FolderUnwritable  the disk refuses
    └── NothingSealed     the record is empty: there is nothing to prove
"""

from audit.errors import AuditError


class ExportError(AuditError):
    """The export cannot be made."""


class FolderTaken(ExportError):
    """The folder, or the .zip, is there already."""


class FolderUnwritable(ExportError):
    """The folder cannot be written."""


class NothingSealed(ExportError):
    """No entry is sealed yet, so there is nothing to prove."""
