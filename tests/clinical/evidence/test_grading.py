"""How much a record can carry: its publication types, or its title until NLM has typed it."""

import pytest

from clinical.evidence.domain import Grade
from clinical.evidence.grading import grade_article


@pytest.mark.parametrize(
    ("types", "mesh", "title", "grade"),
    [
        (["Journal Article", "Randomized Controlled Trial"], ["Humans"], "Aspirin.", Grade.RANDOMISED_TRIAL),
        (["Journal Article", "Practice Guideline"], [], "Aspirin.", Grade.GUIDELINE),
        (["Journal Article"], [], "Aspirin after stroke: a systematic review and meta-analysis.", Grade.SYSTEMATIC_REVIEW),
        (["Journal Article"], [], "Aspirin after stroke: a randomised, double-blind trial.", Grade.RANDOMISED_TRIAL),
        (["Journal Article"], [], "Aspirin after stroke: A Nationwide Cohort Study.", Grade.OBSERVATIONAL),
        (["Observational Study"], [], "A cohort within a meta-analysis", Grade.SYSTEMATIC_REVIEW),
        (["Journal Article"], [], "Aspirin: protocol for a systematic review.", Grade.OTHER),
        (["Randomized Controlled Trial"], ["Animals", "Mice"], "Aspirin in mice.", Grade.OTHER),
        (["Case Reports"], ["Humans"], "A case of gout.", Grade.OTHER),
    ],
)  # fmt: skip
def test_the_strongest_of_types_and_title_counts(
    types: list[str], mesh: list[str], title: str, grade: Grade
) -> None:
    assert grade_article(types, mesh, title=title) is grade
