"""The room's tables, where Django looks for them."""

from clinical.cds_services.models import CardFeedback, RuleStanding, ShownCard

__all__ = ["CardFeedback", "RuleStanding", "ShownCard"]
