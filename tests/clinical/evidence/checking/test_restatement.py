"""A restatement: what is false must not pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.evidence.checking.restatement import FUNCTION_WORDS, Difference, difference, restates
from clinical.evidence.domain import Grade, Kind, Passage, Source


def passage(text: str, *context: str) -> Passage:
    source = Source(id="doi:1#x", kind=Kind.GUIDELINE, title="", text=text, year=2024, grade=Grade.GUIDELINE)
    return Passage(source=source, start=0, end=len(text), context=context)


DOAC = "**Direct oral anticoagulants** are recommended over warfarin in eligible patients with AF (Class I)."
CKD = "Reduced-dose DOACs may be used if CrCl is 15-30 mL/min (see table)."


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (
            "Direct oral anticoagulants are recommended over warfarin in eligible patients with AF (Class I).",
            DOAC,
        ),
        (
            "Direct oral anticoagulants recommended over warfarin for the eligible patients with AF (Class I)",
            DOAC,
        ),
        ("Reduced-dose DOACs may be used if CrCl is 15-30 mL/min.", CKD),
    ],
)
def test_a_faithful_statement_passes(statement: str, text: str) -> None:
    assert restates(statement, passage(text))


@pytest.mark.parametrize(
    ("statement", "text", "expected"),
    [
        ("Warfarin is recommended over direct oral anticoagulants in eligible patients with AF (Class I).", DOAC, Difference.NOT_IN_PASSAGE),
        ("Direct oral anticoagulants are recommended in patients with AF (Class I).", DOAC, Difference.QUALIFIER_LOST),
        ("Direct oral anticoagulants are not recommended over warfarin in eligible patients with AF (Class I).", DOAC, Difference.NOT_IN_PASSAGE),
        ("Direct oral anticoagulants are recommended over warfarin in patients with AF (Class I).", DOAC, Difference.WORDS_LOST),
        ("Reduced-dose DOACs may be used if CrCl is 15 mL/min.", CKD, Difference.NUMBER_LOST),
        ("Reduced-dose DOACs may be used if CrCl is 15-50 mL/min.", CKD, Difference.NOT_IN_PASSAGE),
        ("Reduced-dose DOACs used if CrCl is 15-30 mL/min.", CKD, Difference.QUALIFIER_LOST),
        ("Reduced-dose DOACs may be used.", CKD, Difference.NUMBER_LOST),
        ("All mortality did fall.", "All mortality did not fall.", Difference.QUALIFIER_LOST),
        ("INR target is < 3", "INR target is ≥ 3", Difference.NOT_IN_PASSAGE),
        ("Aspirin is associated with fewer strokes.", "Aspirin was associated with fewer strokes.", Difference.WORDS_LOST),
        ("Total dose is 48 mcg (budesonide-formoterol).", "Total formoterol dose is 48 mcg (budesonide-formoterol).", Difference.WORDS_LOST),
        ("1", DOAC, Difference.EMPTY),
        ("", DOAC, Difference.EMPTY),
    ],
)  # fmt: skip
def test_a_statement_that_changes_the_meaning_fails(statement: str, text: str, expected: Difference) -> None:
    assert difference(statement, passage(text)) is expected


def test_a_heading_may_lead_the_statement() -> None:
    men = passage("CHA2DS2-VASc = 1: OAC may be considered (Class IIb).", "Recommendations", "Men")
    assert restates("Men: CHA2DS2-VASc = 1: OAC may be considered (Class IIb).", men)
    assert not restates("Women: CHA2DS2-VASc = 1: OAC may be considered (Class IIb).", men)
    dose = passage("The total formoterol dose is 48 mcg.", "Formoterol in asthma")
    assert not restates("Formoterol in asthma: The total dose is 48 mcg.", dose)


WORDS = st.lists(
    st.sampled_from("alpha beta gamma delta not only 5 10 mg reduced".split()), min_size=3, max_size=12
)


@given(WORDS)
def test_a_passage_supports_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert restates(text, passage(text))


@given(WORDS, st.data())
def test_no_word_can_be_dropped_or_added(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    place = data.draw(st.integers(min_value=0, max_value=len(words) - 1))
    dropped = " ".join(words[:place] + words[place + 1 :])
    added = " ".join([*words[:place], "never", *words[place:]])
    assert not restates(dropped, passage(text))
    assert not restates(added, passage(text))
    assert "never" not in FUNCTION_WORDS
