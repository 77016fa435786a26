"""What may be asked, and what a question needs."""

import pytest

from clinical.answers.asking.questions import check_question, need_of
from clinical.errors import QuestionInvalid
from ehr_integration.chart.domain import Category


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("a" * 2_001, "shorten"),
        ("a" * 100_000, "shorten"),
        ("warfarin\x00?", "control"),
        ("warfarin \x1b[31m?", "control"),
        ("stop \u202eot", "control"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(question: str, message: str) -> None:
    with pytest.raises(QuestionInvalid, match=message) as error:
        check_question(question)
    assert "warfarin" not in str(error.value)


@pytest.mark.parametrize(
    "question", ["Für Žofie: wie viel Metoprolol?", "Dose?\nAnd how long?", "INR > 3 \u200d?", "a" * 2_000]
)
def test_ordinary_text_of_any_language_may_be_asked(question: str) -> None:
    assert check_question(f"  {question} ") == question


def test_notes_are_needed_only_where_the_question_is_about_them() -> None:
    assert Category.NOTES not in need_of("Should she take apixaban?").categories
    assert Category.NOTES in need_of("What did the last visit note say?").categories
    assert Category.ALLERGIES in need_of("Which antibiotic?").categories
