"""How often each rule's cards were shown, accepted, overridden and left alone, and what that says."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt

from django.db.models import Count

from clinical.cds_services.models import ShownCard

Z95 = 1.96


@dataclass(kw_only=True)
class Figures:
    """One version of one rule over a period; `reasons` counts override reasons by code."""

    shown: int = 0
    accepted: int = 0
    overridden: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def told(self) -> int:
        """Cards whose outcome was told."""
        return self.accepted + self.overridden

    @property
    def ignored(self) -> int:
        """Cards of which nothing was told: CDS Hooks sends nothing for them."""
        return self.shown - self.told

    @property
    def override_rate(self) -> float | None:
        """Overridden of those told; None where nothing was told."""
        return self.overridden / self.told if self.told else None

    @property
    def override_interval(self) -> tuple[float, float] | None:
        """The rate's 95% interval. Source: Wilson, J Am Stat Assoc 1927; 22: 209-212, doi:10.1080/01621459.1927.10502953."""
        if not self.told:
            return None
        total, rate = self.told, self.overridden / self.told
        middle = rate + Z95**2 / (2 * total)
        half = Z95 * sqrt(rate * (1 - rate) / total + Z95**2 / (4 * total**2))
        scale = 1 + Z95**2 / total
        return (middle - half) / scale, (middle + half) / scale


def figures_since(since: datetime) -> Mapping[tuple[str, str], Figures]:
    """Return the figures of each rule and version whose cards were shown since then."""
    found: dict[tuple[str, str], Figures] = defaultdict(Figures)
    rows = (
        ShownCard.objects.filter(shown_at__gte=since)
        .values_list("rule_id", "rule_version", "feedback__outcome", "feedback__reason_code")
        .annotate(number=Count("card"))
        .order_by()
    )
    for rule_id, version, outcome, reason, number in rows:
        figures = found[rule_id, version]
        figures.shown += number
        figures.accepted += number if outcome == "accepted" else 0
        figures.overridden += number if outcome == "overridden" else 0
        if outcome == "overridden" and reason:
            figures.reasons[reason] = figures.reasons.get(reason, 0) + number
    return found
