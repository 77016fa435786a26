"""What tells of a person by its form alone: numbers, dates, addresses, ages over 89, titles before a name.

Source: 45 CFR 164.514(b)(2)(i), the identifiers of the Safe Harbor method. Patterns are wider than the identifiers: a
query can always be written without what they catch.
"""

import re
from collections.abc import Iterator

from clinical.evidence.sync.errors import Finding, Found

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"
_YEAR = r"(?:19|20)\d\d\b"
_OLD = r"(?:9\d|1[0-4]\d)"
_YEARS = r"(?:years?|yrs?|y/?o|y)\b"
# "90 years and older" is a group of patients; Safe Harbor has the same category.
_AND_OLDER = rf"(?!\s*-?\s*(?:{_YEARS})?(?:\s+of\s+age)?\s*(?:(?:and|or)\s+(?:older|over|above)|\+))"
_UNIT = r"(?:mg|mcg|ug|µg|g|kg|ml|l|iu|units?|mmol|meq|kcal|patients|participants|cells|m|km|hz|ppm)\b"
_RECORD = (
    r"(?:mrn|acct|account|policy|member|beneficiary|subscriber|licen[cs]e|certificate|serial|device|chart"
    r"|visit|encounter|accession|record|ssn|passport|insurance|plan|vin|plate|ref|id)\b"
)
_STREET = r"(?:street|avenue|boulevard|road|lane|suite|apartment|apt)\b"
_SHORT_STREET = r"(?:St|Ave|Rd|Blvd|Ln|Dr|Ct|Pl|Way|Drive|Court|Place)\b"

_PATTERNS = tuple(
    (finding, re.compile(pattern))
    for finding, pattern in (
        (Finding.EMAIL, r"\S+@\S*"),
        (Finding.URL, r"(?i)\b(?:https?|ftp)\b:?/*|\bwww\.|\b[\w-]+\.(?:com|org|net|edu|gov|io|info)\b"),
        (Finding.URL, r"(?i)\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-f]{2,4}:){3,}[0-9a-f]*\b"),
        (Finding.SOCIAL_SECURITY_NUMBER, r"\b\d{3}[- ]\d{2}[- ]\d{4}\b"),
        (Finding.PHONE, r"\(\d{3}\)\s*\d{3}|\b\d{3}[-. ]\d{3}[-. ]\d{4}\b|\b\d{3}-\d{4}\b|\+\d{6,}"),
        (Finding.DATE, r"\b\d{1,4}([/.-])\d{1,2}\1\d{1,4}\b|\b(?:0?[1-9]|1[0-2])/\d{1,2}\b(?!\d)"),
        (Finding.DATE, rf"(?i)\b{_MONTH},?\s+(?:{_DAY}|{_YEAR})|\b{_DAY}(?:\s+of)?\s+{_MONTH}"),
        # "may" is a verb more often than a month.
        (
            Finding.DATE,
            rf"\bMay,?\s+(?:{_DAY}|{_YEAR})|\b{_DAY}(?:\s+of)?\s+May\b|\bmay\s+{_DAY},?\s+{_YEAR}",
        ),
        (Finding.DATE, r"(?i)\bdob\b|\bdate of birth\b|\bborn (?:on|in)\b"),
        (Finding.AGE, rf"(?i)\b{_OLD}{_AND_OLDER}\s*-?\s*{_YEARS}"),
        (Finding.AGE, rf"(?i)\baged?\s*(?:of|:)?\s*{_OLD}\b{_AND_OLDER}"),
        (Finding.AGE, r"(?i)\b(?:ninety|hundred)[\w-]*[\s-]years?\b"),
        (
            Finding.ADDRESS,
            rf"(?i)\b\d{{1,5}}\s+(?:[\w.]+\s+){{1,3}}{_STREET}|\b\d+(?:st|nd|rd|th)\s+{_STREET}|\bp\.?o\.? ?box\b",
        ),
        (Finding.ADDRESS, rf"\b\d{{1,5}}\s+(?:[A-Z][\w.]*\s+){{1,3}}{_SHORT_STREET}"),
        (Finding.NUMBER, r"\d{5,}|\b\d+(?:-\d+){2,}\b"),
        (Finding.NUMBER, r"(?i)\b[A-Z]{1,5}-\d{3,}\b|\b\d{3,}-[A-Z]{1,5}\b|\bmrn\b"),
        (Finding.NUMBER, rf"(?i)\b{_RECORD}(?:\s+(?:number|no|is))?[\s.:#]*(?=[\w-]*\d)[\w-]+"),
        # A number of four digits that is neither a year nor round nor a measure.
        (Finding.NUMBER, rf"(?i)(?<![\d.,-])(?!{_YEAR})(?!\d\d[05]0\b)\d{{4}}\b(?!\s*{_UNIT})"),
        (Finding.NAME, r"(?i)\b(?:mr|mrs|miss|dr|prof|professor|rev|sr|jr)\b\.?"),
    )
)


def find_identifiers(text: str) -> Iterator[Found]:
    """Yield what tells of a person by its form, pattern by pattern."""
    for finding, pattern in _PATTERNS:
        yield from (Found(match.start() + 1, finding) for match in pattern.finditer(text))
