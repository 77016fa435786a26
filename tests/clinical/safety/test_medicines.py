"""Medicines are known by exact words or RxNorm's code, with their route and strength; what is not known has no class."""

import tomllib

import pytest

from clinical.safety.domain import ProposedOrder
from clinical.safety.ingredients import TABLES, ingredients, ingredients_of
from clinical.safety.medicines import ordered, proposed_order


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("Warfarin 3 mg oral tablet", None, {"warfarin"}),
        ("unreadable", "http://www.nlm.nih.gov/research/umls/rxnorm|11289", {"warfarin"}),
        ("Penicillins", None, {"penicillin"}),
        ("Penicillin-free diet", None, set()),
        ("Sulfamethoxazole 800 mg / trimethoprim 160 mg", None, {"sulfamethoxazole", "trimethoprim"}),
        ("co-trimoxazole", None, {"sulfamethoxazole", "trimethoprim"}),
        ("nowarfarinhere", None, set()),
        ("Losartan potassium 50 mg", None, {"losartan"}),
        ("Levonorgestrel", None, {"levonorgestrel"}),
        ("Paracetamol 500 mg", None, {"acetaminophen"}),
        ("", "http://snomed.info/sct|11289", set()),
        ("Oral tablet", None, set()),
    ],
)
def test_a_medicine_is_told_by_its_words_or_rxnorm_and_else_not_at_all(name, code, expected):
    assert {each.name for each in ingredients_of(name, code)} == expected


def test_the_medicines_used_most_are_known():
    assert len(ingredients()) > 600
    assert all(ingredients_of(name.replace("-", " "), None) for name in ingredients())


def test_no_code_stands_for_two_substances():
    tables = [tomllib.loads(file.read_text("utf-8")) for file in TABLES.glob("*.toml")]
    codes = [code for table in tables for entry in table.values() for code in entry.get("rxnorm", ())]
    assert len(codes) == len(set(codes))
    assert all(code.isdigit() for code in codes)


def medicine(words):
    (found,) = ordered([ProposedOrder(name=words, words=words, code=None, reference="x")])
    return found


@pytest.mark.parametrize(
    ("words", "is_local"),
    [
        ("Diclofenac gel", True),
        ("Timolol eye drops", True),
        ("Levonorgestrel intrauterine system", True),
        ("Budesonide inhaler", True),
        ("Diclofenac 50 mg tablet", False),
        ("Fentanyl 25 micrograms/hour patch", False),
    ],
)
def test_what_acts_where_it_is_put_is_told_by_its_words(words, is_local):
    assert medicine(words).is_local is is_local


@pytest.mark.parametrize(
    ("words", "milligrams"),
    [
        ("Simvastatin 40 MG Oral Tablet", 40),
        ("Metformin 1 g", 1000),
        ("Amoxicillin 80 mg/mL oral suspension", None),
        ("Warfarin", None),
        ("Rivaroxaban 15 mg to 20 mg", None),
    ],
)
def test_a_strength_is_read_where_there_is_exactly_one(words, milligrams):
    assert medicine(words).strength_mg == milligrams


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
