"""Codes of the domain as words on a page."""

from django import template

register = template.Library()

WORDS = {
    "model": "Worded by the model, checked against the quote",
    "source": "The source's own words",
    "chart": "From the chart",
    "not_enough_evidence": "Not enough evidence",
    "other": "Other article",
    "observational": "Observational study",
    "queued": "Waiting to start",
}


@register.filter
def words(code: str) -> str:
    """Return a code in words: "systematic_review" is "Systematic review"."""
    return WORDS.get(code) or code.replace("_", " ").replace("-", " ").capitalize()
