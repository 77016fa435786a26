"""How much a record can carry: its publication types, its title, or what its authors say of their study."""

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
        (["Journal Article"], ["Humans", "Retrospective Studies"], "Aspirin.", Grade.OBSERVATIONAL),
        (["Observational Study"], [], "A cohort within a meta-analysis", Grade.SYSTEMATIC_REVIEW),
        (["Journal Article"], [], "Aspirin: protocol for a systematic review.", Grade.OTHER),
        (["Randomized Controlled Trial"], ["Animals", "Mice"], "Aspirin in mice.", Grade.OTHER),
        (["Case Reports"], ["Humans"], "A case of gout.", Grade.CASE_REPORT),
        (["Journal Article"], [], "Gout of the eye: a case report.", Grade.CASE_REPORT),
    ],
)  # fmt: skip
def test_the_strongest_of_types_and_title_counts(
    types: list[str], mesh: list[str], title: str, grade: Grade
) -> None:
    assert grade_article(types, mesh, title=title) is grade


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("We searched MEDLINE and Embase. This systematic review found little.", Grade.SYSTEMATIC_REVIEW),
        ("PubMed and Scopus were searched. A meta-analysis was done.", Grade.SYSTEMATIC_REVIEW),
        ("In this narrative review, we systematically searched PubMed.", Grade.OTHER),
        ("Patients were randomly assigned to aspirin or placebo.", Grade.RANDOMISED_TRIAL),
        ("METHODS: 120 adults were randomised (1:1).", Grade.RANDOMISED_TRIAL),
        ("Patients were randomly divided into a training set and a validation set.", Grade.OTHER),
        ("Randomised trials are needed.", Grade.OTHER),
        ("A previous randomised trial found no benefit.", Grade.OTHER),
        ("Mice were randomly assigned to aspirin or water.", Grade.OTHER),
        ("We conducted a retrospective cohort study of 400 patients.", Grade.OBSERVATIONAL),
        ("The medical records of 40 patients were reviewed.", Grade.OBSERVATIONAL),
        ("This must be confirmed in a large prospective cohort.", Grade.OTHER),
        ("We report a rare case of gout of the eye.", Grade.CASE_REPORT),
        ("A 59-year-old man was admitted with gout.", Grade.CASE_REPORT),
        ("Gout is common.", Grade.OTHER),
    ],
)
def test_where_nothing_is_typed_the_authors_own_words_count(text: str, grade: Grade) -> None:
    assert grade_article(["Journal Article"], [], title="Aspirin.", text=text) is grade


@pytest.mark.parametrize("kind", ["Letter", "Editorial", "Comment", "Clinical Trial Protocol"])
def test_what_only_speaks_of_studies_is_none(kind: str) -> None:
    text = "Patients were randomly assigned to aspirin or placebo."
    assert grade_article([kind], [], title="Aspirin.", text=text) is Grade.OTHER


def test_publication_types_are_not_overruled_by_the_text() -> None:
    text = "A 59-year-old man was admitted. Patients were randomly assigned elsewhere."
    assert grade_article(["Case Reports"], [], title="Gout.", text=text) is Grade.CASE_REPORT


@pytest.mark.parametrize(
    ("title", "grade"),
    [
        ("Gout in adults: an international consensus statement.", Grade.GUIDELINE),
        ("Invented guidelines for the management of gout.", Grade.GUIDELINE),
        ("Care of gout: Guideline from the Society of Nothing.", Grade.GUIDELINE),
        ("Adherence to guidelines for the management of gout.", Grade.OTHER),
        ("Quality of clinical practice guidelines for the treatment of gout.", Grade.OTHER),
        ("Guideline-recommended surveillance of gout.", Grade.OTHER),
    ],
)
def test_a_title_tells_a_guideline_from_a_study_of_guidelines(title: str, grade: Grade) -> None:
    assert grade_article(["Journal Article"], [], title=title) is grade
