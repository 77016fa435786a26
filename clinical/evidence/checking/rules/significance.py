"""Whether a sentence calls a difference significant: in words, by p-values, or by a confidence interval."""

import re
from enum import StrEnum

from clinical.evidence.checking.rules.quantity.spelling import fold_numbers

P_LIMIT = 0.05


class Significance(StrEnum):
    """What a sentence says of a difference."""

    SIGNIFICANT = "significant"
    NOT_SIGNIFICANT = "not significant"
    UNSAID = "unsaid"


_NONE = re.compile(
    r"\bno(?:r any|t any)? (?:\w+[- ]){0,4}?(?:difference|effect|change|benefit|improvement|impact|increase|decrease|"
    r"reduction|association|advantage|interaction|evidence)s?\b"
    r"|\b(?:not|n't|nor|neither|without|never) (?:\w+[- ,]){0,4}?(?:significan\w*|differ\w*|differenc\w*|affect\w*|influenc\w*|alter\w*|chang\w*|"
    r"improv\w*|increas\w*|decreas\w*|reduc\w*|effective|associated|superior|better|higher|lower|greater|prevent\w*)\b"
    r"|\bnon-? ?significan\w*|\binsignifican\w*|\bfailed to\b|\bp ?[=:]? ?n\.?s\b|\(n\.?s\.?\)|\bns\b"
    r"|\b(?:similar|comparable|equivalent|unchanged|unaffected|identical|same|equally)\b|\black of (?:\w+ )?(?:difference|effect|benefit)"
    r"|\bnon-?inferior\w*|\bas effective as\b|\bdid not reach\b|\blittle (?:effect|difference|impact)\b"
)
_SOME = re.compile(
    r"(?<!not )(?<!no )(?<!non)(?<!non-)\b(?:statistically |highly |clinically )?significan(?:t|tly)\b|\bmarkedly\b|\bsuperior\b"
)
_P = re.compile(
    r"\bp(?:[- ]?values?)?(?:\s*\([^)]*\))?\s*(?:of|was|were|is)?\s*(?P<sign>[<>=≤≥]=?|of|was)\s*=?\s*(?P<value>\d*\.\d+|\d+(?:\.\d+)?e-\d+|0|1)"
)
_RATIO_INTERVAL = re.compile(
    r"\b(?:or|hr|rr|irr|ratio|risk|odds|hazard)\b[^;]{0,60}?\bci\b\W{0,5}(?P<low>\d+(?:\.\d+)?)\s*(?:-|to|,|;)\s*(?P<high>\d+(?:\.\d+)?)(?!\s*%)"
)
_ANY_INTERVAL = re.compile(
    r"\bci\b[^\w-]{0,5}(?P<low>-?\d+(?:\.\d+)?)\s*(?:to|,|;|-)\s*(?P<high>-?\d+(?:\.\d+)?)"
)


def read_significance(sentence: str) -> Significance:
    """Return what the sentence says; its words weigh more than its numbers."""
    folded = re.sub(r"confidence intervals?(?: \[?\(?ci\)?\]?)?", "ci", fold_numbers(sentence))
    if _NONE.search(folded):
        return Significance.NOT_SIGNIFICANT
    by_p = [_is_small(found["sign"], found["value"]) for found in _P.finditer(folded)]
    if by_p and not any(by_p):
        return Significance.NOT_SIGNIFICANT
    if any(by_p) or _SOME.search(folded):
        return Significance.SIGNIFICANT
    return _by_interval(folded)


def _is_small(sign: str, value: str) -> bool:
    limit = float(value)
    return (
        limit <= P_LIMIT
        if sign.startswith(("<", "≤"))
        else (not sign.startswith((">", "≥")) and limit < P_LIMIT)
    )


def _by_interval(folded: str) -> Significance:
    """Return what the first confidence interval says: a ratio's holds 1, a difference's holds 0, or not."""
    found, neutral = _RATIO_INTERVAL.search(folded), 1.0
    if not found:
        found, neutral = _ANY_INTERVAL.search(folded), 0.0
    if not found:
        return Significance.UNSAID
    holds = float(found["low"]) <= neutral <= float(found["high"])
    # Without a sign, two positive ends may be of a mean and say nothing.
    if neutral == 0.0 and not holds:
        return Significance.UNSAID
    return Significance.NOT_SIGNIFICANT if holds else Significance.SIGNIFICANT
