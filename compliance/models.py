"""The room's tables, where Django looks for them."""

from compliance.access.models import Account, CareRelationship, EhrUser
from compliance.officer.exports.models import AuditExport

__all__ = ["Account", "AuditExport", "CareRelationship", "EhrUser"]
