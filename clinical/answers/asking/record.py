"""Questions about the record itself ("what was her last potassium?"): the chart answers them, and no literature."""

import re
from datetime import date

from clinical.answers.statements.relevance import current_facts, telling_words
from ehr_integration.chart.domain import Category, Chart, Fact

_WHOSE = r"(?:this patient(?:'s|\u2019s)?|the patient(?:'s|\u2019s)|of (?:this|the) patient|her|his)"
_TOLD = r"(?:show(?:s|ed|n)?|reveal(?:s|ed)?|last|latest|newest|recent(?:ly)?|ever|previous(?:ly)?|results?|recorded|documented)"
ASKS_ABOUT_RECORD = re.compile(
    rf"^\s*(?:what|when|which|where|how|who|did|does|has|have|had|is|was|were)\b[^.?]*?(?:\b{_WHOSE}\b[^.?]*\b{_TOLD}\b|\b{_TOLD}\b[^.?]*\b{_WHOSE}\b)",
    re.I,
)
NO_SUCH_FACT = "The part of the record that was read does not say this. Look in the EHR."
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def is_about_record(question: str) -> bool:
    """Whether the question asks what the record holds, not what to do."""
    return ASKS_ABOUT_RECORD.search(question) is not None


def facts_asked_for(chart: Chart, question: str) -> tuple[Fact, ...]:
    """Return the facts whose names the question names, newest first; none of another year than the question's.

    A note is no fact: it is free text, which nobody has checked.
    """
    asked, years = telling_words(question), {int(year) for year in YEAR.findall(question)}
    return tuple(
        fact
        for fact in sorted(current_facts(chart), key=lambda each: each.on or date.min, reverse=True)
        if fact.category is not Category.NOTES
        and telling_words(fact.name or fact.text) & asked
        and (not years or (fact.on is not None and fact.on.year in years))
    )
