"""Which facts of the chart bear on the passages that were found."""

import re
from collections.abc import Sequence

from clinical.evidence.domain import Passage
from ehr_integration.chart.domain import Category, Chart, Fact

WORD = re.compile(r"[^\W\d_]{3,}")
# Words of chart entries that say nothing about which entry it is.
UNSPECIFIC = frozenset(
    "active acute and average blood body capsule chronic count daily disease disorder due finding for from "
    "history inactive level mass mean mild moderate not oral permanent persistent plasma primary resolved "
    "route secondary serum severe since specified stage stopped syndrome tablet test the total twice type "
    "unspecified volume with without".split()
)
MOST_CHART_CLAIMS = 5
# A stopped drug or a resolved problem explains nothing about today.
PAST_STATUSES = frozenset({"inactive", "resolved", "remission", "stopped", "completed", "cancelled"})


def context_terms(chart: Chart) -> tuple[str, ...]:
    """Names of current problems and medications: they steer the search, and decide nothing."""
    categories = {Category.CONDITIONS, Category.MEDICATIONS}
    return tuple(fact.name or fact.text for fact in current_facts(chart) if fact.category in categories)


def current_facts(chart: Chart) -> tuple[Fact, ...]:
    """Facts that hold now: past problems and medications left out, the newest of each observation kept."""
    seen: set[tuple[Category, str]] = set()
    current = []
    for fact in chart.facts:
        key = (fact.category, fact.name or fact.text)
        if (fact.status or "") in PAST_STATUSES or key in seen:
            continue
        seen.add(key)
        current.append(fact)
    return tuple(current)


def facts_that_bear(chart: Chart, passages: Sequence[Passage]) -> tuple[Fact, ...]:
    """Return the facts whose own words occur in the passages, those with most such words first."""
    evidence = telling_words(
        " ".join(
            f"{passage.source.title} {' '.join(passage.context)} {passage.quote}" for passage in passages
        )
    )
    scored = [
        (len(telling_words(fact.name or fact.text) & evidence), fact)
        for fact in current_facts(chart)
        # A note is free text, which nobody has checked: it is shown as what it is, and never as a statement of ours.
        if fact.category is not Category.NOTES
    ]
    bearing = [(score, fact) for score, fact in scored if score]
    bearing.sort(key=lambda pair: -pair[0])
    return tuple(fact for _, fact in bearing[:MOST_CHART_CLAIMS])


def telling_words(text: str) -> set[str]:
    """Return the words that tell one entry of a chart from another."""
    return {word.casefold() for word in WORD.findall(text)} - UNSPECIFIC
