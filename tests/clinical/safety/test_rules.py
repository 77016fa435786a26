"""Every rule fires on its example, and is silent on the near miss beside it."""

from dataclasses import replace

import pytest

from clinical.calculators.autofill import computed
from clinical.safety.checking import findings
from clinical.safety.domain import ProposedOrder, Severity
from clinical.safety.ingredients import ingredients_of, known_classes
from clinical.safety.medicines import proposed_order
from clinical.safety.rules import LONGEST_SUMMARY, rules
from ehr_integration.chart.domain import Category
from tests.clinical.safety.charts import ON, chart, fact

EXAMPLES = {
    "allergy-same-substance": (
        chart(takes=["Ibuprofen 400 mg oral tablet"], allergic_to=["Ibuprofen"]),
        chart(takes=["Ibuprofen 400 mg oral tablet"], allergic_to=["Codeine"]),
    ),
    "allergy-penicillin-class": (
        chart(takes=["Amoxicillin 500 mg"], allergic_to=["Penicillin"]),
        chart(takes=["Azithromycin 500 mg"], allergic_to=["Penicillin"]),
    ),
    "allergy-aminopenicillin-side-chain": (
        chart(takes=["Cephalexin 500 mg"], allergic_to=["Amoxicillin"]),
        chart(takes=["Cefazolin 1 g"], allergic_to=["Amoxicillin"]),
    ),
    "allergy-cox-inhibitor-class": (
        chart(takes=["Naproxen 500 mg"], allergic_to=["Aspirin"]),
        chart(takes=["Celecoxib 200 mg"], allergic_to=["Aspirin"]),
    ),
    "interaction-mao-ssri": (
        chart(takes=["Phenelzine 15 mg", "Sertraline 50 mg"]),
        chart(takes=["Phenelzine 15 mg"]),
    ),
    "interaction-mao-meperidine": (
        chart(takes=["Tranylcypromine 10 mg", "Pethidine 50 mg"]),
        chart(takes=["Tranylcypromine 10 mg", "Morphine 5 mg"]),
    ),
    "interaction-tizanidine-ciprofloxacin": (
        chart(takes=["Tizanidine 4 mg", "Ciprofloxacin 500 mg"]),
        chart(takes=["Tizanidine 4 mg", "Levofloxacin 500 mg"]),
    ),
    "interaction-tizanidine-fluvoxamine": (
        chart(takes=["Tizanidine 4 mg", "Fluvoxamine 50 mg"]),
        chart(takes=["Tizanidine 4 mg", "Sertraline 50 mg"]),
    ),
    "interaction-febuxostat-thiopurine": (
        chart(takes=["Febuxostat 80 mg", "Azathioprine 50 mg"]),
        chart(takes=["Febuxostat 80 mg", "Methotrexate 10 mg"]),
    ),
    "interaction-statin-cyp3a4": (
        chart(takes=["Simvastatin 20 mg", "Clarithromycin 500 mg"]),
        chart(takes=["Rosuvastatin 20 mg", "Clarithromycin 500 mg"]),
    ),
    "interaction-pde5-nitrate": (
        chart(takes=["Sildenafil 50 mg", "Glyceryl trinitrate spray"]),
        chart(takes=["Sildenafil 50 mg", "Amlodipine 5 mg"]),
    ),
    "interaction-warfarin-nsaid": (
        chart(takes=["Warfarin 3 mg", "Diclofenac 50 mg"]),
        chart(takes=["Warfarin 3 mg", "Paracetamol 1 g"]),
    ),
    "interaction-methotrexate-trimethoprim": (
        chart(takes=["Methotrexate 15 mg weekly", "Co-trimoxazole 960 mg"]),
        chart(takes=["Methotrexate 15 mg weekly", "Nitrofurantoin 100 mg"]),
    ),
    "interaction-ace-arb": (
        chart(takes=["Ramipril 5 mg", "Losartan 50 mg"]),
        chart(takes=["Ramipril 5 mg", "Amlodipine 5 mg"]),
    ),
    "interaction-ace-sacubitril": (
        chart(takes=["Enalapril 10 mg", "Sacubitril 49 mg / valsartan 51 mg"]),
        chart(takes=["Sacubitril 49 mg / valsartan 51 mg"]),
    ),
    "duplicate-anticoagulant": (
        chart(takes=["Apixaban 5 mg", "Warfarin 3 mg"]),
        chart(takes=["Apixaban 5 mg", "Aspirin 81 mg"]),
    ),
    "kidney-metformin": (
        chart(takes=["Metformin 500 mg"], creatinine=2.6),
        chart(takes=["Metformin 500 mg"], creatinine=1.0),
    ),
    "pregnancy-angiotensin-blocker": (
        chart(takes=["Lisinopril 10 mg"], pregnant=True),
        chart(takes=["Lisinopril 10 mg"]),
    ),
    "pregnancy-warfarin": (
        chart(takes=["Warfarin 3 mg"], pregnant=True),
        chart(takes=["Enoxaparin 40 mg"], pregnant=True),
    ),
    "pregnancy-valproate": (
        chart(takes=["Divalproex 500 mg"], pregnant=True),
        chart(takes=["Divalproex 500 mg"]),
    ),
    "pregnancy-isotretinoin": (
        chart(takes=["Isotretinoin 20 mg"], pregnant=True),
        chart(takes=["Isotretinoin 20 mg"]),
    ),
    "pregnancy-methotrexate": (
        chart(takes=["Methotrexate 10 mg"], pregnant=True),
        chart(takes=["Methotrexate 10 mg"]),
    ),
}


def found(a_chart, **more):
    return {finding.rule.id for finding in findings(a_chart, scores=computed(a_chart, on=ON), **more)}


def test_every_rule_has_an_example():
    assert set(EXAMPLES) == {rule.id for rule in rules()}


@pytest.mark.parametrize("rule_id", EXAMPLES)
def test_a_rule_fires_on_its_example_and_not_on_the_near_miss(rule_id):
    fires, misses = EXAMPLES[rule_id]
    assert rule_id in found(fires)
    assert rule_id not in found(misses)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_every_rule_has_a_version_a_source_and_short_words(rule):
    assert rule.version
    assert rule.source
    assert rule.url.startswith("https://")
    assert rule.options
    assert len(rule.summary) <= LONGEST_SUMMARY
    assert {rule.first, rule.second} - {"same", ""} <= known_classes()


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


@pytest.mark.parametrize("status", ["inactive", "resolved"])
def test_an_allergy_that_is_over_does_not_count(status):
    facts = (
        fact(Category.ALLERGIES, "Penicillin", status=status),
        fact(Category.MEDICATIONS, "Amoxicillin 500 mg"),
    )
    assert found(replace(chart(), facts=facts)) == set()


def test_with_a_draft_only_what_the_draft_is_part_of_is_told():
    taking = chart(takes=["Warfarin 3 mg", "Ibuprofen 400 mg"], allergic_to=["Penicillin"])
    draft = ProposedOrder(name="Amoxicillin", words="Amoxicillin", code=None, reference="MedicationRequest/d")
    assert found(taking) == {"interaction-warfarin-nsaid"}
    assert found(taking, proposed=[draft]) == {"allergy-penicillin-class"}


def test_two_drafts_are_held_against_each_other():
    drafts = [
        ProposedOrder(name=name, words=name, code=None, reference=name)
        for name in ("Sertraline", "Phenelzine")
    ]
    assert found(chart(), proposed=drafts) == {"interaction-mao-ssri"}


def test_a_fixed_combination_is_not_held_against_itself():
    assert found(chart(takes=["Sacubitril 49 mg / valsartan 51 mg"])) == set()


def test_the_gravest_comes_first_and_nothing_twice():
    taking = chart(takes=["Apixaban 5 mg", "Warfarin 3 mg", "Ibuprofen 400 mg", "Ibuprofen 200 mg"])
    severities = [finding.severity for finding in findings(taking, scores=computed(taking, on=ON))]
    assert severities == [Severity.CRITICAL, Severity.WARNING]


def test_an_intolerance_is_a_warning_at_most():
    allergy = fact(Category.ALLERGIES, "Lisinopril")
    cough = replace(allergy, text="Intolerance: Lisinopril, reaction: cough")
    taking = fact(Category.MEDICATIONS, "Lisinopril 10 mg")
    for recorded, severity in ((allergy, Severity.CRITICAL), (cough, Severity.WARNING)):
        recorded_and_taking = replace(chart(), facts=(recorded, taking))
        (finding,) = findings(recorded_and_taking, scores=computed(recorded_and_taking, on=ON))
        assert finding.severity is severity


def test_of_two_interactions_of_the_same_medicines_the_graver_is_told():
    taking = chart(takes=["Enalapril 10 mg", "Sacubitril 49 mg / valsartan 51 mg"])
    assert found(taking) == {"interaction-ace-sacubitril"}


def test_without_a_current_creatinine_the_kidney_rule_is_silent():
    old = chart(takes=["Metformin 500 mg"], creatinine=2.6, on=ON.replace(year=2024))
    assert found(old) == set()
    acute = chart(takes=["Metformin 500 mg"], creatinine=2.6, has=["Acute kidney injury"])
    assert found(acute) == set()


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("Warfarin 3 mg oral tablet", None, {"warfarin"}),
        ("Marevan", "http://www.nlm.nih.gov/research/umls/rxnorm|11289", {"warfarin"}),
        ("Penicillins", None, {"penicillin"}),
        ("Penicillin-free diet", None, set()),
        ("Sulfamethoxazole 800 mg / trimethoprim 160 mg", None, {"trimethoprim"}),
        ("co-trimoxazole", None, {"trimethoprim"}),
        ("nowarfarinhere", None, set()),
        ("", "http://snomed.info/sct|11289", set()),
        ("Oral tablet", None, set()),
    ],
)
def test_a_medicine_is_told_by_its_words_or_rxnorm_and_else_not_at_all(name, code, expected):
    assert {each.name for each in ingredients_of(name, code)} == expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"resourceType": "ServiceRequest", "id": "x"}, None),
        ({"resourceType": "MedicationRequest", "id": "x"}, None),
        ({"resourceType": "MedicationRequest", "id": "x", "medicationCodeableConcept": {}}, None),
        ({"resourceType": "MedicationRequest", "id": "x", "medicationCodeableConcept": "x"}, None),
        (
            {
                "resourceType": "MedicationRequest",
                "id": "x",
                "medicationCodeableConcept": {"text": "Warfarin"},
            },
            ProposedOrder(name="Warfarin", words="Warfarin", code=None, reference="MedicationRequest/x"),
        ),
    ],
)
def test_a_draft_becomes_a_proposed_order_where_it_names_a_medicine(resource, expected):
    assert proposed_order(resource) == expected
