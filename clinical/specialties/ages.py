"""The age that a question states."""

import re

_PER_YEAR = {"y": 1, "m": 12, "w": 52, "d": 365}
_UNIT = r"(?P<unit>years?|yrs?|y|months?|mths?|mo|m|weeks?|wks?|w|days?|d)"
_STATED = re.compile(
    rf"\b(?P<count>\d{{1,3}}(?:\.\d)?)[\s-]*{_UNIT}[\s/-]*(?:o|old|olds|of age)\b"
    r"|\baged?[\s:]+(?:of\s+)?(?P<aged>\d{1,3})\b(?!\s*(?:days?|weeks?|months?|to\b|-|[.,]\d))"
    r"|\b(?:man|woman|boy|girl|child|male|female|patient|lady|gentleman) of (?P<of>\d{1,3})\b",
    re.IGNORECASE,
)


def stated_age_years(question: str) -> float | None:
    """Return the first age in the question ("6-year-old", "aged 70", "3 months old"), in years; None where none is."""
    match = _STATED.search(question)
    if match is None:
        return None
    if match["count"]:
        return float(match["count"]) / _PER_YEAR[match["unit"][0].lower()]
    return float(match["aged"] or match["of"])
