"""A condition of the quote stands in the claim too: what holds only if something else does is no general truth."""

import re

from clinical.evidence.checking.domain import Reason
from clinical.evidence.checking.rules.objection import Objection
from clinical.evidence.domain import Passage

_CONDITION = re.compile(
    r"(?<!even )(?<!as )\bif\b(?! not\b)|\bunless\b|\bexcept\b|\bprovided that\b|(?<!not )\bonly\b(?! (?:a few|few|\d))|\buntil\b|"
    r"\bcontraindicated\b|\b(?:eligible|(?:highly|carefully) selected)\b|\bselected (?:adults|cases|children|individuals|patients|women|men)\b",
    re.IGNORECASE,
)


def objects(claim: str, passage: Passage) -> Objection | None:
    """Return the objection where the quote holds under a condition and the claim names none."""
    if _CONDITION.search(passage.quote) and not _CONDITION.search(claim):
        return Objection(Reason.CONDITION_LOST)
    return None
