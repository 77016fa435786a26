"""What is told of a chart and of drafts: what counts, in which order, and nothing twice."""

from dataclasses import replace

import pytest

from clinical.calculators.charts.autofill import computed
from clinical.safety.checking import findings
from clinical.safety.domain import ProposedOrder, Severity
from ehr_integration.chart.domain import Category
from tests.clinical.safety.charts import ON, chart, fact


def found_in(a_chart, **more):
    return findings(a_chart, scores=computed(a_chart, on=ON), on=ON, **more)


def found(a_chart, **more):
    return {finding.rule.id for finding in found_in(a_chart, **more)}


def draft(name):
    return ProposedOrder(name=name, words=name, code=None, reference=f"MedicationRequest/{name}")


@pytest.mark.parametrize("status", ["stopped", "completed", "cancelled", "draft"])
def test_what_is_not_taken_any_more_does_not_count(status):
    facts = (
        fact(Category.MEDICATIONS, "Warfarin 3 mg"),
        fact(Category.MEDICATIONS, "Ibuprofen 400 mg", status=status),
    )
    assert found(replace(chart(), facts=facts)) == set()


def test_what_is_on_hold_counts():
    facts = (
        fact(Category.MEDICATIONS, "Warfarin 3 mg"),
        fact(Category.MEDICATIONS, "Ibuprofen 400 mg", status="on-hold"),
    )
    assert found(replace(chart(), facts=facts)) == {"interaction-warfarin-nsaid"}


def test_with_a_draft_only_what_the_draft_is_part_of_is_told():
    taking = chart(takes=["Warfarin 3 mg", "Ibuprofen 400 mg"], allergic_to=["Penicillin"])
    assert found(taking) == {"interaction-warfarin-nsaid"}
    assert found(taking, proposed=[draft("Amoxicillin")]) == {"allergy-penicillin-class"}


def test_what_a_question_proposes_comes_first_and_the_rest_after_it():
    taking = chart(takes=["Apixaban 5 mg", "Warfarin 3 mg"])
    told = [each.rule.id for each in found_in(taking, proposed=[draft("Ibuprofen")], also_taken=True)]
    assert told == [
        "interaction-warfarin-nsaid",
        "interaction-direct-anticoagulant-nsaid",
        "duplicate-anticoagulant",
    ]


def test_two_drafts_are_held_against_each_other():
    assert found(chart(), proposed=[draft("Sertraline"), draft("Phenelzine")]) == {"interaction-mao-ssri"}


def test_a_fixed_combination_is_not_held_against_itself():
    assert found(chart(takes=["Sacubitril 49 mg / valsartan 51 mg"])) == set()
    assert found(chart(takes=["Amlodipine 5 mg / valsartan 80 mg / hydrochlorothiazide 12.5 mg"])) == set()


def test_the_gravest_comes_first_and_nothing_twice():
    taking = chart(takes=["Enalapril 10 mg", "Sacubitril 49 mg / valsartan 51 mg", "Warfarin", "Ibuprofen"])
    severities = [finding.severity for finding in found_in(taking)]
    assert severities == [Severity.CRITICAL, Severity.WARNING]


def test_two_strengths_of_one_medicine_are_one_finding():
    taking = chart(takes=["Warfarin 3 mg", "Ibuprofen 400 mg", "Ibuprofen 200 mg"])
    assert len(found_in(taking)) == 1


def test_of_two_findings_about_the_same_medicines_the_graver_is_told():
    taking = chart(takes=["Enalapril 10 mg", "Sacubitril 49 mg / valsartan 51 mg"])
    assert found(taking) == {"interaction-ace-sacubitril"}


def test_of_three_together_the_pairs_are_not_told_again():
    taking = chart(takes=["Spironolactone 25 mg", "Ramipril 5 mg", "Potassium chloride 600 mg"])
    assert found(taking) == {"interaction-potassium-triple"}


def test_of_a_rule_that_is_told_once_all_medicines_are_in_the_record_of_it():
    taking = chart(takes=["Morphine 10 mg", "Oxycodone 5 mg", "Lorazepam 1 mg", "Diazepam 5 mg"])
    told = [each for each in found_in(taking) if each.rule.id == "interaction-opioid-benzodiazepine"]
    assert len(told) == 1
    assert len(told[0].facts) == 4


def test_a_start_is_told_and_what_is_taken_is_not():
    old = chart(takes=["Diazepam 2 mg"])
    assert found(old) == set()
    assert "age-benzodiazepine-older" in found(chart(), proposed=[draft("Diazepam 2 mg")])


def test_a_renewal_is_no_start():
    taking = chart(takes=["Diazepam 2 mg", "Morphine 10 mg MR", "Insulin glargine"])
    assert found(taking, proposed=[draft("Diazepam 2 mg")]) == {
        "duplicate-same-substance",
        "interaction-opioid-benzodiazepine",
    }
    assert found(taking, proposed=[draft("Insulin aspart")]) == set()
    assert "duplicate-same-substance" not in found(taking, proposed=[draft("Oral morphine solution")])


def test_without_a_current_creatinine_the_kidney_rule_is_silent():
    old = chart(takes=["Metformin 500 mg"], creatinine=2.6, on=ON.replace(year=2024))
    assert found(old) == set()


def test_in_acute_kidney_injury_the_condition_speaks_and_not_the_equation():
    acute = chart(takes=["Metformin 500 mg"], creatinine=2.6, has=["Acute kidney injury"])
    assert found(acute) == {"condition-metformin-acute-kidney-injury"}


def test_where_the_clearance_is_not_known_egfr_stands_in_and_that_is_said():
    (finding,) = found_in(chart(takes=["Dabigatran 150 mg"], creatinine=2.6))
    assert finding.rule.id == "kidney-dabigatran"
    assert any("stands in" in reason for reason in finding.because)


def test_without_a_day_today_counts():
    assert findings(chart(takes=["Warfarin 3 mg", "Ibuprofen 400 mg"]), scores=())
