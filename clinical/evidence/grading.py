"""What a PubMed record's publication types say: how much it can carry, and whether it may be cited."""

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


def grade_article(publication_types: Collection[str], mesh: Collection[str]) -> Grade:
    """Return the strongest grade that the types allow; studies of animals alone are OTHER."""
    if "Animals" in mesh and "Humans" not in mesh:
        return Grade.OTHER
    found = (grade for grade, types in _GRADES.items() if not types.isdisjoint(publication_types))
    return next(found, Grade.OTHER)


def is_citable(source: Source) -> bool:
    """Whether the source has words of its own that still stand: not retracted, no notice, not empty."""
    return bool(source.text) and not source.retracted and _NOTICES.isdisjoint(source.publication_types)
