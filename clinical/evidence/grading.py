"""What a PubMed record's publication types say: how much it can carry, and whether it may be cited."""

import re
from collections.abc import Collection

from clinical.evidence.domain import Grade, Source

_GRADES = {
    Grade.GUIDELINE: {"Practice Guideline", "Guideline", "Consensus Development Conference, NIH"},
    Grade.SYSTEMATIC_REVIEW: {"Meta-Analysis", "Systematic Review", "Network Meta-Analysis"},
    Grade.RANDOMISED_TRIAL: {"Randomized Controlled Trial", "Equivalence Trial"},
    Grade.OBSERVATIONAL: {
        "Observational Study",
        "Cohort Study",
        "Comparative Study",
        "Multicenter Study",
        "Clinical Study",
        "Clinical Trial",
        "Clinical Trial, Phase I",
        "Clinical Trial, Phase II",
        "Clinical Trial, Phase III",
        "Clinical Trial, Phase IV",
        "Controlled Clinical Trial",
        "Pragmatic Clinical Trial",
        "Evaluation Study",
        "Twin Study",
        "Validation Study",
    },
}
_NOTICES = {"Retraction of Publication", "Published Erratum", "Expression of Concern", "Retraction Notice"}


# NLM adds publication types months after a record appears; until then the title is all that says it.
_TITLES = {
    Grade.SYSTEMATIC_REVIEW: re.compile(r"\bmeta-?analys[ie]s\b|\bsystematic review\b", re.I),
    Grade.RANDOMISED_TRIAL: re.compile(r"\brandomi[sz]ed\b.*\b(?:trial|study)\b", re.I),
    Grade.OBSERVATIONAL: re.compile(
        r"\bcohort\b|\bcase-control\b|\bcross-sectional\b|\bregistry\b|\b(?:pro|retro)spective\b|\bobservational\b",
        re.I,
    ),
}
_NOT_YET = re.compile(r"\bprotocol\b|\brationale and design\b", re.I)


def grade_article(publication_types: Collection[str], mesh: Collection[str], *, title: str) -> Grade:
    """Return the strongest grade that types or title show; animal studies and trial protocols are OTHER."""
    if ("Animals" in mesh and "Humans" not in mesh) or _NOT_YET.search(title):
        return Grade.OTHER
    by_type = (grade for grade, types in _GRADES.items() if not types.isdisjoint(publication_types))
    by_title = (grade for grade, pattern in _TITLES.items() if pattern.search(title))
    return min(next(by_type, Grade.OTHER), next(by_title, Grade.OTHER))


def is_citable(source: Source) -> bool:
    """Whether the source has words of its own that still stand: not retracted, no notice, not empty."""
    return bool(source.text) and not source.retracted and _NOTICES.isdisjoint(source.publication_types)
