"""A finding from a rule and the medicines that it is true of."""

from collections.abc import Sequence

from clinical.safety.domain import Rule, SafetyFinding
from clinical.safety.medicines import Medicine
from ehr_integration.chart.domain import Fact


def finding(
    rule: Rule,
    medicines: Sequence[Medicine],
    *,
    facts: tuple[Fact, ...] = (),
    because: tuple[str, ...] = (),
    **names: str,
) -> SafetyFinding:
    """Return the finding; `names` are what the summary calls the medicines."""
    summary = rule.summary.format(**names)
    return SafetyFinding(
        rule=rule,
        severity=rule.severity,
        summary=summary[0].upper() + summary[1:],
        facts=tuple(dict.fromkeys([*facts, *(each.fact for each in medicines if each.fact)])),
        because=because,
        proposed=tuple(dict.fromkeys(each.order for each in medicines if each.order)),
        medicines=tuple(dict.fromkeys(each.ingredient.name for each in medicines)),
    )
