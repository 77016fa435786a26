"""An allergy is told, an intolerance less gravely, and a side effect hardly at all."""

from dataclasses import replace

import pytest

from clinical.safety.checking import findings
from clinical.safety.domain import Severity
from ehr_integration.chart.domain import Category
from tests.clinical.safety.charts import ON, chart, fact


def found(recorded, medicine, *, status="active"):
    """Return id and severity of what is told of an allergy as the chart words it."""
    name = recorded.partition(": ")[2].partition(",")[0]
    allergy = replace(fact(Category.ALLERGIES, name, status=status), text=recorded)
    a_chart = replace(chart(), facts=(allergy, fact(Category.MEDICATIONS, medicine)))
    return [(each.rule.id, each.severity) for each in findings(a_chart, scores=(), on=ON)]


def test_an_intolerance_is_a_warning_at_most():
    assert found("Allergy: Lisinopril", "Lisinopril 10 mg") == [("allergy-same-substance", Severity.CRITICAL)]
    assert found("Intolerance: Lisinopril, reaction: cough", "Lisinopril 10 mg") == [
        ("allergy-same-substance", Severity.WARNING)
    ]


@pytest.mark.parametrize(
    "reaction", ["nausea", "Nausea and vomiting (disorder)", "stomach upset (mild)", "diarrhoea; headache"]
)
def test_a_side_effect_is_information_of_the_substance_and_nothing_of_its_class(reaction):
    assert found(f"Allergy: Erythromycin, reaction: {reaction}", "Erythromycin 500 mg") == [
        ("allergy-same-substance", Severity.INFO)
    ]
    assert found(f"Allergy: Erythromycin, reaction: {reaction}", "Azithromycin 500 mg") == []


@pytest.mark.parametrize("reaction", ["mild rash", "nausea; urticaria", "anaphylaxis", ""])
def test_anything_else_is_an_allergy(reaction):
    recorded = "Allergy: Erythromycin" + (f", reaction: {reaction}" if reaction else "")
    assert found(recorded, "Azithromycin 500 mg") == [("allergy-macrolide-class", Severity.WARNING)]


@pytest.mark.parametrize(
    ("reaction", "told"),
    [
        ("angioedema", ["allergy-ace-inhibitor-angioedema"]),
        ("swelling of the lips", ["allergy-ace-inhibitor-angioedema"]),
        ("dry cough, no angioedema", []),
        ("cough", []),
    ],
)
def test_angioedema_with_an_ace_inhibitor_rules_sacubitril_out_and_a_cough_does_not(reaction, told):
    recorded = f"Intolerance: Lisinopril, reaction: {reaction}"
    assert [rule for rule, _ in found(recorded, "Sacubitril")] == told


@pytest.mark.parametrize("status", ["inactive", "resolved", "refuted"])
def test_an_allergy_that_is_over_does_not_count(status):
    assert found("Allergy: Penicillin", "Amoxicillin 500 mg", status=status) == []


def test_a_medicine_that_two_entries_speak_against_is_told_once():
    facts = (
        fact(Category.ALLERGIES, "Penicillin"),
        fact(Category.ALLERGIES, "Amoxicillin"),
        fact(Category.MEDICATIONS, "Amoxicillin 500 mg"),
    )
    (told,) = findings(replace(chart(), facts=facts), scores=(), on=ON)
    assert told.rule.id == "allergy-same-substance"
