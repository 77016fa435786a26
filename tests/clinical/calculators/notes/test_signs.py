"""Signs and histories: said, denied, somebody else's, or not yet there."""

import re
import tomllib

import pytest

from clinical.calculators.notes.extracting import inputs_from_note
from clinical.calculators.notes.signs import TABLE
from clinical.calculators.registry import calculators


def sign(calculator, name, note):
    return {each.name: each for each in inputs_from_note(calculators()[calculator], note).found}[name]


@pytest.mark.parametrize(
    ("calculator", "name", "note", "value"),
    [
        ("cha2ds2-vasc", "has_diabetes", "hypertension, diabetes, dyslipidemia", True),
        ("cha2ds2-vasc", "has_diabetes", "diabetes insipidus", False),
        ("cha2ds2-vasc", "had_stroke", "a prior history of cerebral infarctions", True),
        ("cha2ds2-vasc", "had_stroke", "National Institutes of Health Stroke Scale", False),
        ("glasgow-blatchford", "has_melaena", "passing black, tarry stools", True),
        ("glasgow-blatchford", "has_melaena", "regular brown stool, not black or tarry in nature", False),
        ("has-bled", "takes_antiplatelets_or_nsaids", "regularly takes ibuprofen", True),
        ("has-bled", "takes_antiplatelets_or_nsaids", "does not take aspirin, NSAIDs, or clopidogrel", False),
        ("heart-score", "is_smoker", "He has smoked 10 cigarettes per day.", True),
        ("heart-score", "is_smoker", "a nonsmoker", False),
        ("heart-score", "is_smoker", "He quit smoking in 2010, 20 pack-years.", False),
        ("wells-pe", "had_venous_thromboembolism", "a previous DVT", True),
        ("wells-pe", "had_venous_thromboembolism", "CT showed a pulmonary embolism", False),
        ("wells-pe", "is_pulmonary_embolism_likeliest", "suspected pulmonary embolism", True),
        ("revised-cardiac-risk-index", "takes_insulin", "diabetes managed with insulin", True),
        ("revised-cardiac-risk-index", "takes_insulin", "non-insulin-dependent diabetes", False),
        ("perc", "has_unilateral_leg_swelling", "the left calf was swollen", True),
        ("caprini-2005", "has_family_history_of_thrombosis", "His grandmother had a thrombosis.", True),
        ("gfr-mdrd", "is_black", "an African-American man", True),
    ],
)
def test_notes_say_signs_in_their_own_words(calculator, name, note, value):
    assert sign(calculator, name, note).value is value


@pytest.mark.parametrize(
    ("note", "value"),
    [
        ("negative for inflammatory bowel disease, acute infarction, emphysema, or heart failure", False),
        ("He doesn't have heart failure.", False),
        ("While there is no history of stroke, he had heart failure.", True),
        ("not a nursing home resident, presents with heart failure", True),
        ("heart failure could not be determined", False),
        ("at risk of heart failure", False),
        ("His mother reports heart failure.", True),
        ("His mother had heart failure.", False),
        ("Heart failure in her mother.", False),
    ],
)
def test_a_denial_holds_for_its_list_and_no_further(note, value):
    assert sign("cha2ds2-vasc", "has_heart_failure", note).value is value


@pytest.mark.parametrize(
    ("note", "value", "is_assumed"),
    [
        ("A man with a cold.", True, True),
        ("suspected deep vein thrombosis", False, False),
        ("concern for a left-sided DVT", False, False),
    ],
)
def test_of_whom_no_thrombosis_is_suspected_something_else_is_as_likely(note, value, is_assumed):
    mention = sign("wells-dvt", "is_other_diagnosis_as_likely", note)
    assert (mention.value, mention.is_assumed) == (value, is_assumed)


def test_every_table_is_of_an_input_and_every_pattern_can_be_read():
    asked = {name for each in calculators().values() for name in each.inputs}
    table = tomllib.loads(TABLE.read_text("utf-8"))
    assert set(table) <= asked
    for entry in table.values():
        for words in (*entry.get("words", ()), *entry.get("against", ())):
            re.compile(words)
