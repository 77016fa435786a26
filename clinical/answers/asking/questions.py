"""What may be asked: the limits of a question, and what it needs of the chart."""

import re
import unicodedata

from clinical.errors import QuestionInvalid
from ehr_integration.chart.domain import Category, Need

LONGEST_QUESTION = 2_000
ALLOWED_CONTROLS = frozenset("\n\r\t")
# Invisible characters that reorder text (Unicode TR 36): what is read would not be what is asked.
REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

ALWAYS_NEEDED = frozenset(
    {
        Category.CONDITIONS,
        Category.MEDICATIONS,
        Category.ALLERGIES,
        Category.LABORATORY,
        Category.VITAL_SIGNS,
        Category.PREGNANCY,
    }
)
ASKS_FOR_NOTES = re.compile(
    r"\b(notes?|documented|histor(?:y|ies)|admission|admitted|visits?|letters?)\b", re.I
)


def check_question(question: str) -> str:
    """Return the question without surrounding space. Raises: QuestionInvalid, saying what is wrong."""
    text = question.strip()
    if not text:
        raise QuestionInvalid("The question is empty: write what you want to know")
    if len(text) > LONGEST_QUESTION:
        raise QuestionInvalid(f"The question has more than {LONGEST_QUESTION} characters: shorten it")
    if any(_is_hidden(character) for character in text):
        raise QuestionInvalid(
            "The question holds control characters: type it again, or paste it as plain text"
        )
    return text


def need_of(question: str) -> Need:
    """Return the chart categories that the question needs; notes only where it asks about them."""
    notes = {Category.NOTES} if ASKS_FOR_NOTES.search(question) else set()
    return Need(categories=ALWAYS_NEEDED | notes)


def _is_hidden(character: str) -> bool:
    if character in ALLOWED_CONTROLS:
        return False
    return character in REORDERING or unicodedata.category(character) in {"Cc", "Cs"}
