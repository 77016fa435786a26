"""What a source's strength and age are worth when two answer a question about as well."""

from clinical.evidence.domain import Grade

# The best source by words scores 1. This is little of it: it settles the order among near equals.
_GRADES = {
    Grade.GUIDELINE: 0.04,
    Grade.SYSTEMATIC_REVIEW: 0.03,
    Grade.RANDOMISED_TRIAL: 0.02,
    Grade.OBSERVATIONAL: 0.01,
    Grade.CASE_REPORT: 0.0,
    Grade.OTHER: 0.0,
}
_RECENT = 0.02
_OLDEST_YEAR = 1980
_SPAN = 45


def prior(grade: int | None, year: int | None) -> float:
    """Return what is added to a source's score; a source without a year counts as an old one."""
    recency = min(max(((year or _OLDEST_YEAR) - _OLDEST_YEAR) / _SPAN, 0.0), 1.0)
    return _GRADES[Grade(grade or Grade.OTHER)] + _RECENT * recency
