"""Plain words say the same."""

import re
import tomllib

import pytest

from clinical.answers.plain.words import GLOSSARY, explained, in_plain_words

TABLE = tomllib.loads(GLOSSARY.read_text("utf-8"))
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Renal impairment is common.", "Kidney impairment is common."),
        ("NSAIDs are contraindicated.", "NSAIDs are not to be used."),
        (
            "Reduce to 30 mg if CrCl 15–50 mL/min, given intravenously.",
            "Reduce to 30 mg if CrCl 15–50 mL/min, given into a vein.",
        ),
        ("Adrenal glands", "Adrenal glands"),
        ("non-malignant", "non-malignant"),
        ("all-cause mortality", "risk of dying from any cause"),
    ],
)
def test_a_term_is_replaced_by_what_means_the_same(text, plain):
    assert in_plain_words(text) == plain


@pytest.mark.parametrize("spellings", TABLE["say"])
def test_numbers_and_order_stay(spellings):
    for term in spellings.split("|"):
        text = f"In 12.5% of 300 adults, {term} was seen before 7 days."
        assert NUMBER.findall(in_plain_words(text)) == ["12.5", "300", "7"]
        assert in_plain_words(text).startswith("In 12.5% of 300 adults, ")


def test_no_plain_word_is_a_term_again():
    for plain in (*TABLE["say"].values(), *TABLE["explain"].values()):
        assert in_plain_words(plain) == plain, plain


def test_terms_are_explained_once():
    assert explained("DOACs and a DOAC in AF; also warfarin") == {
        "DOACs": "newer blood thinners taken by mouth",
        "AF": "atrial fibrillation, an irregular heartbeat",
    }
    assert explained("the carbs of arbour") == {}
