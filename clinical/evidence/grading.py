"""How much a record can carry, by its publication types or else its own words; and whether it may be cited."""

from collections.abc import Collection

from clinical.evidence.domain import Grade, Source
from clinical.evidence.study_design import design_in_text, design_in_title, is_about_animals, is_planned

# Source: NLM, MeSH publication types (category V03) and study characteristics.
_TYPES = {
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
    Grade.CASE_REPORT: {"Case Reports"},
}
_HEADINGS = {
    "Case-Control Studies",
    "Cohort Studies",
    "Cross-Sectional Studies",
    "Longitudinal Studies",
    "Prospective Studies",
    "Retrospective Studies",
}
# What carries these types speaks of studies without being one.
_TALK = {
    "Comment",
    "Editorial",
    "Letter",
    "News",
    "Newspaper Article",
    "Biography",
    "Interview",
    "Clinical Trial Protocol",
}
NOTICES = {"Retraction of Publication", "Published Erratum", "Expression of Concern", "Retraction Notice"}


def grade_article(
    publication_types: Collection[str], mesh: Collection[str], *, title: str, text: str = ""
) -> Grade:
    """Return the strongest grade that types or title show, else what the text says of the study's design.

    Animal studies and plans of trials are OTHER.
    """
    if ("Animals" in mesh and "Humans" not in mesh) or is_planned(title):
        return Grade.OTHER
    shown = min(_by_type(publication_types, mesh), design_in_title(title))
    if shown is not Grade.OTHER or not text or not _TALK.isdisjoint(publication_types):
        return shown
    told = design_in_text(text)
    return Grade.OTHER if told is not Grade.OTHER and is_about_animals(title, text) else told


def _by_type(types: Collection[str], mesh: Collection[str]) -> Grade:
    by_type = next((grade for grade, names in _TYPES.items() if not names.isdisjoint(types)), Grade.OTHER)
    return min(by_type, Grade.OBSERVATIONAL if not _HEADINGS.isdisjoint(mesh) else Grade.OTHER)


def is_citable(source: Source) -> bool:
    """Whether the source has words of its own that still stand: not retracted, no notice, not empty."""
    return bool(source.text) and not source.retracted and NOTICES.isdisjoint(source.publication_types)
