"""The sentence in which an abstract concludes on a question."""

import pytest

from clinical.evidence.conclusions import find_conclusion
from clinical.evidence.domain import Grade, Kind, Source
from clinical.evidence.relevance.concepts import read_question

CONCEPTS = read_question("Does metformin reduce mortality?", lambda _stem: 10, 1_000)


def article(text: str, title: str = "Metformin in diabetes.") -> Source:
    return Source(id="pmid:1", kind=Kind.ARTICLE, title=title, text=text, year=2021, grade=Grade.OTHER)


@pytest.mark.parametrize(
    ("text", "conclusion"),
    [
        (
            "RESULTS: Mortality with metformin was 3%.\nCONCLUSIONS: Body weight fell by two kilograms in both treatment groups. Metformin lowered mortality from all causes over five years.",
            "Metformin lowered mortality from all causes over five years.",
        ),
        (
            "We followed 100 adults on metformin. In conclusion, mortality was lower with metformin. Funding came from nobody.",
            "In conclusion, mortality was lower with metformin.",
        ),
        (
            "We followed one hundred adults with diabetes in twelve centres. Mortality fell over the five years of follow-up.",
            "Mortality fell over the five years of follow-up.",
        ),
    ],
)
def test_the_conclusion_that_says_most_about_the_question_is_found(text: str, conclusion: str) -> None:
    passage = find_conclusion(CONCEPTS, article(text))
    assert passage
    assert passage.quote == conclusion


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("CONCLUSIONS: The new compound activates a kinase in tumour cells.", "Metformin in diabetes."),
        ("CONCLUSIONS: Mortality was lower with statins.", "Statins after stroke."),
        ("", "Metformin and mortality."),
    ],
)
def test_a_conclusion_on_something_else_is_none(text: str, title: str) -> None:
    assert find_conclusion(CONCEPTS, article(text, title)) is None
