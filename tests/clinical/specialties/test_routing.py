"""The question's words weigh most, then who the patient is, then the chart; the reason says so without the patient."""

import json
import time
from datetime import date
from pathlib import Path

import pytest

from clinical.specialties.errors import SpecialtyUnknown
from clinical.specialties.loading import load_specialties
from clinical.specialties.routing import Router
from ehr_integration.chart.domain import Category
from tests.clinical.safety.charts import ON, chart, fact
from tests.clinical.specialties.folders import write_specialty

ROUTER = Router(load_specialties())
CHILD = chart(born=date(ON.year - 6, 1, 1))
PREGNANT = chart(pregnant=True, born=date(ON.year - 30, 1, 1))


def routed(question, patient=None, **more):
    return ROUTER.route(question, patient, on=ON, **more)


@pytest.mark.parametrize(
    ("question", "specialty", "runner_up"),
    [
        ("chest pain in a 6-year-old", "paediatrics", "cardiology"),
        ("hypertension at 34 weeks", "obstetrics", "cardiology"),
        ("dose of vancomycin on dialysis", "nephrology", "infectious-disease"),
        ("Febrile neutropenia on day 8: which antibiotic?", "oncology", "infectious-disease"),
        ("Child-Pugh B cirrhosis and apixaban", "cardiology", None),
        ("reassess the blood pressure at 12 weeks after stroke", "neurology", "cardiology"),
    ],
)
def test_a_question_goes_where_its_words_say(question, specialty, runner_up):
    routing = routed(question)
    assert routing.specialty.name == specialty
    assert (routing.runner_up and routing.runner_up.specialty.name) == runner_up


def test_the_reason_quotes_the_terms_of_the_question_and_nothing_else():
    routing = routed("Should Mr Boris Mockingham, Ward 7, take apixaban for atrial fibrillation?")
    assert routing.reason == "Cardiology, because the question says 'atrial fibrillation', 'apixaban'"


@pytest.mark.parametrize(
    ("patient", "specialty", "reason"),
    [
        (CHILD, "paediatrics", "the patient is under 18"),
        (PREGNANT, "obstetrics", "the patient is pregnant"),
        (chart(has=["Permanent atrial fibrillation"]), "cardiology", "of the chart are of this field"),
        (chart(takes=["Carboplatin 450 mg"]), "oncology", "of the chart are of this field"),
    ],
)
def test_where_the_question_says_little_the_chart_decides(patient, specialty, reason):
    routing = routed("What should I watch for?", patient)
    assert routing.specialty.name == specialty
    assert reason in routing.reason


def test_no_name_of_the_chart_stands_in_a_reason():
    patient = chart(has=["Permanent atrial fibrillation of Mr Mockingham"], takes=["Warfarin 3 mg"])
    assert not {"Mockingham", "Warfarin", "fibrillation"} & set(
        routed("What now?", patient).reason.replace("'", " ").split()
    )


def test_who_the_patient_is_outweighs_one_organs_word_and_not_several():
    assert routed("first line for epilepsy", CHILD).specialty.name == "paediatrics"
    absence = routed("ethosuximide for absence epilepsy", CHILD)
    assert absence.specialty.name == "neurology"
    assert absence.runner_up.specialty.name == "paediatrics"
    assert routed("which inhaler for asthma", PREGNANT).specialty.name == "obstetrics"


def test_an_age_in_the_question_goes_before_the_charts():
    assert routed("stroke in a 70-year-old", CHILD).specialty.name == "neurology"


def test_many_facts_of_a_chart_weigh_less_than_one_clear_word():
    full = chart(has=["Atrial fibrillation", "Heart failure", "Angina pectoris", "Aortic stenosis", "Stroke"])
    assert routed("HbA1c goal?", full).specialty.name == "endocrinology"


@pytest.mark.parametrize("status", ["resolved", "inactive", "entered-in-error"])
def test_what_is_over_speaks_for_nothing(status):
    past = chart()
    gone = fact(Category.CONDITIONS, "Atrial fibrillation", status=status)
    assert routed("What now?", type(past)(patient=past.patient, facts=(gone,))).is_fallback


@pytest.mark.parametrize(
    ("category", "code", "specialty"),
    [
        (Category.CONDITIONS, "http://hl7.org/fhir/sid/icd-10-cm|N18.32", "nephrology"),
        (Category.CONDITIONS, "http://snomed.info/sct|84757009", "neurology"),
        (Category.MEDICATIONS, "http://www.nlm.nih.gov/research/umls/rxnorm|1364430", "cardiology"),
        (Category.LABORATORY, "http://loinc.org|33762-6", "cardiology"),
    ],
)
def test_codes_speak_where_names_do_not(category, code, specialty):
    base = chart()
    coded = fact(category, "a local name", code=code, kind="Observation", status="active")
    assert routed("What now?", type(base)(patient=base.patient, facts=(coded,))).specialty.name == specialty


def test_nothing_that_speaks_brings_primary_care():
    routing = routed("What should I do?", chart())
    assert (routing.specialty.name, routing.is_fallback, routing.runner_up) == ("primary-care", True, None)
    assert "nothing in the question or the chart" in routing.reason


def test_what_the_clinician_chose_wins_and_the_reason_says_so():
    routing = routed("Rate control in atrial fibrillation", override="Infectious disease")
    assert (routing.specialty.name, routing.is_override) == ("infectious-disease", True)
    assert routing.reason == "Infectious disease, because it was chosen by hand"
    assert routing.runner_up.specialty.name == "cardiology"


def test_an_unknown_name_is_told_with_the_known_ones_and_not_repeated():
    with pytest.raises(SpecialtyUnknown, match="cardiology, emergency") as caught:
        routed("x", override="Boris Mockingham")
    assert "Mockingham" not in str(caught.value)


def test_many_weak_words_stay_below_a_strong_one():
    routing = routed("dizziness, itching, rash, inhaler, vaccine, stress, and a stroke")
    assert (routing.specialty.name, routing.runner_up.specialty.name) == ("neurology", "primary-care")


def test_of_equals_the_one_that_the_question_names_first_comes_first():
    assert routed("epilepsy and diabetes").specialty.name == "neurology"
    assert routed("diabetes and epilepsy").specialty.name == "endocrinology"


def test_a_folder_of_the_hospitals_own_is_routed_to_without_code(tmp_path):
    write_specialty(tmp_path)
    router = Router(load_specialties(tmp_path))
    routing = router.route("CPAP in sleep apnea, snoring", on=ON)
    assert routing.reason == "Sleep medicine, because the question says 'cpap', 'sleep apnea', 'snoring'"


def test_routing_takes_less_than_5_ms():
    full = chart(
        has=[f"Hypertension number {n}" for n in range(60)], takes=[f"Ramipril {n} mg" for n in range(40)]
    )
    question = "What about warfarin in atrial fibrillation with kidney disease? " * 5
    took = []
    for _ in range(30):
        begun = time.process_time()
        routed(question, full)
        took.append(time.process_time() - begun)
    assert min(took) < 0.005


def test_the_labelled_questions_are_not_routed_worse_than_was_measured():
    rows = [
        json.loads(line)
        for line in (Path(__file__).parent / "questions.jsonl").read_text("utf-8").splitlines()
    ]
    assert len({row["question"].lower() for row in rows}) == len(rows) >= 200
    for half, least in (("tuning", 0.95), ("held-out", 0.75)):
        asked = [row for row in rows if row["half"] == half]
        right = sum(routed(row["question"]).specialty.name in row["labels"] for row in asked)
        assert right / len(asked) >= least
