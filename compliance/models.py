"""The room's tables, where Django looks for them."""

from compliance.access.models import Account, CareRelationship

__all__ = ["Account", "CareRelationship"]
