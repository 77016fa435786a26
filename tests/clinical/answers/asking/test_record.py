"""Questions about the record itself."""

from datetime import date

import pytest

from clinical.answers.asking.record import facts_asked_for, is_about_record
from ehr_integration.chart.domain import Category, Chart, Fact, Patient


@pytest.mark.parametrize(
    "question",
    [
        "What was her last potassium?",
        "When was his latest HbA1c?",
        "What did the biopsy of this patient in 1994 show?",
        "Which results did her previous visit show?",
        "Has this patient ever had a stroke?",
    ],
)
def test_what_the_record_holds_is_asked_of_the_record(question):
    assert is_about_record(question)


@pytest.mark.parametrize(
    "question",
    [
        "Should this patient be anticoagulated, and with what?",
        "What is the target INR on warfarin in atrial fibrillation?",
        "Do statins show a benefit in older adults?",
        "What does recent evidence say about SGLT2 inhibitors?",
        "Is her potassium a reason to stop spironolactone?",
        "How should his asthma be treated?",
    ],
)
def test_what_to_do_is_asked_of_the_evidence(question):
    assert not is_about_record(question)


def _fact(name, on, category=Category.LABORATORY):
    return Fact(
        category=category, text=f"{name} 1", name=name, reference=f"Observation/{name}-{on.year}", on=on
    )


CHART = Chart(
    patient=Patient(id="p", name="A", sex="female", birth_date=None),
    facts=(
        _fact("Potassium", date(2026, 5, 1)),
        _fact("Sodium", date(2026, 5, 1)),
        _fact("Potassium letter", date(2026, 6, 1), Category.NOTES),
    ),
)


def test_the_facts_that_are_named_answer_and_a_note_does_not():
    assert [fact.name for fact in facts_asked_for(CHART, "What was her last potassium?")] == ["Potassium"]


def test_another_year_s_value_does_not_answer():
    assert facts_asked_for(CHART, "What did her potassium in 1994 show?") == ()
    assert len(facts_asked_for(CHART, "What did her potassium in 2026 show?")) == 1
