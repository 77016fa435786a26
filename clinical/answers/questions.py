"""What may be asked: the limits of a question, what it needs of the chart, and what is refused."""

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

# Software that analyses an image or a signal is a medical device: section 520(o)(1)(E)(i) of the FD&C Act.
ASKS_FOR_IMAGE_READING = re.compile(
    r"\b(?:interpret|read|analy[sz]e|describe|diagnose|look at)\b.{0,40}"
    r"\b(?:ecg|ekg|eeg|ctg|x-?rays?|radiograph|ct|mri|scans?|ultrasound|images?|photo\w*|tracings?|waveforms?)\b",
    re.I | re.S,
)
ASKS_TO_HARM = re.compile(
    r"\b(?:kill|murder|poison|harm|end the life of)\b.{0,30}\b(?:him|her|them|(?:the|this|my|a) patient|someone)\b"
    r"|\bwithout (?:leaving a trace|being (?:detected|caught))\b",
    re.I | re.S,
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


def refusal_of(question: str) -> str | None:
    """Why the question is refused, in words for the clinician; None where it is not."""
    if ASKS_FOR_IMAGE_READING.search(question):
        return "Tacit does not interpret images, tracings or waveforms. Ask about the written report instead."
    if ASKS_TO_HARM.search(question):
        return "Tacit does not help to harm anyone."
    return None


def _is_hidden(character: str) -> bool:
    if character in ALLOWED_CONTROLS:
        return False
    return character in REORDERING or unicodedata.category(character) in {"Cc", "Cs"}
