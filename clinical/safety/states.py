"""States that a chart tells elsewhere than among the conditions: being pregnant, breastfeeding."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from ehr_integration.chart.domain import Category, Chart, Fact

LONGEST_PREGNANCY = timedelta(days=294)
# Our choice: a note of breastfeeding that is older says nothing about today.
BREASTFEEDING_VALID_FOR = timedelta(days=365)
BREASTFEEDING = re.compile(r"\b(?:breast[- ]?feeding|lactating|lactation|nursing mother)\b", re.I)
NOT_NOW = re.compile(
    r"\b(?:no|not|never|none|stopped|ceased|history|previous(?:ly)?|formula|suppress\w+|declined|counsel\w+|education)\b",
    re.I,
)
ONGOING = frozenset({"active", "recurrence", "relapse", None})


def pregnancy(chart: Chart, on: date) -> Fact | None:
    """Return the fact that says that the patient is pregnant now: a condition that is active, or the newest status."""
    facts = [fact for fact in chart.facts if fact.category is Category.PREGNANCY]
    condition = next((fact for fact in facts if _is_condition(fact) and fact.status in ONGOING), None)
    if condition is not None:
        return condition
    statuses = [fact for fact in facts if not _is_condition(fact) and fact.name == "Pregnancy status"]
    newest = statuses[0] if statuses else None
    return newest if newest and newest.status == "pregnant" and _is_recent(newest, on) else None


def _is_condition(fact: Fact) -> bool:
    return fact.reference.startswith("Condition/")


def _is_recent(fact: Fact, on: date) -> bool:
    return fact.on is not None and on - fact.on <= LONGEST_PREGNANCY


def breastfeeding(chart: Chart, on: date) -> Fact | None:
    """Return the newest fact that says that the patient breastfeeds; None where the newest says that she does not."""
    told = next(
        (
            fact
            for fact in chart.facts
            if fact.category in (Category.CONDITIONS, Category.LABORATORY, Category.PREGNANCY)
            and BREASTFEEDING.search(fact.name)
        ),
        None,
    )
    if told is None or NOT_NOW.search(told.text):
        return None
    if _is_condition(told):
        return told if told.status in ONGOING else None
    return told if told.on is not None and on - told.on <= BREASTFEEDING_VALID_FOR else None


STATES: Mapping[str, Callable[[Chart, date], Fact | None]] = {
    "pregnancy": pregnancy,
    "lactation": breastfeeding,
}
