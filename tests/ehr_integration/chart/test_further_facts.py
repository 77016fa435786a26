"""Procedures, encounters, pregnancies, and medications that were reported, given or dispensed."""

import pytest

from ehr_integration.chart.domain import Category, FindingCode
from ehr_integration.chart.normalise import normalise
from ehr_integration.chart.shape import departure_in_shape
from tests.ehr_integration.chart.resources import (
    allergy,
    condition,
    encounter,
    observation,
    order,
    pregnancy,
    procedure,
    status,
)

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def event(kind, name="Apixaban", key="s1", **elements):
    return {
        "resourceType": kind,
        "id": key,
        "status": "completed",
        "medicationCodeableConcept": {"text": name},
        "subject": {"reference": "Patient/p1"},
        **elements,
    }


def read(category, *resources):
    return normalise(category, resources, check=departure_in_shape)


def texts(category, *resources):
    return [fact.text for fact in read(category, *resources).facts]


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        ({}, "Appendectomy (completed, 2019-05-02)"),
        ({"performedDateTime": None}, "Appendectomy (completed)"),
        ({"performedDateTime": None, "performedString": "childhood"}, "Appendectomy (completed, childhood)"),
        ({"status": "not-done"}, "Not done: Appendectomy"),
        ({"status": "in-progress"}, "Appendectomy (in progress, 2019-05-02)"),
    ],
)
def test_a_procedure_says_whether_and_when_it_was_done(elements, text):
    assert texts(Category.PROCEDURES, procedure(**elements)) == [text]


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        (
            {},
            "Emergency visit, Accident and emergency: Chest pain (finished, 2024-05-02 to 2024-05-03)",
        ),
        ({"class": {}, "type": None, "reasonCode": None, "period": None}, "Encounter (finished)"),
        (
            {
                "class": {"code": "X", "display": "day surgery"},
                "type": None,
                "reasonCode": None,
                "period": None,
            },
            "day surgery (finished)",
        ),
    ],
)
def test_an_encounter_says_what_kind_when_and_why(elements, text):
    assert texts(Category.ENCOUNTERS, encounter(**elements)) == [text]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("77386006", "pregnant"),
        ("60001007", "not-pregnant"),
        ("146799005", "possibly-pregnant"),
        ("261665006", "unknown"),
        ("1", "unknown"),
    ],
)
def test_a_pregnancy_status_has_its_date_and_meaning(answer, expected):
    (fact,) = read(Category.PREGNANCY, pregnancy(answer)).facts
    assert (fact.status, str(fact.on)) == (expected, "2024-05-02")


def test_an_expected_date_of_delivery_is_told():
    code = {"coding": [{"system": "http://loinc.org", "code": "11778-8"}]}
    due = pregnancy(code=code, valueCodeableConcept=None, valueDateTime="2024-11-30")
    assert texts(Category.PREGNANCY, due) == ["Expected date of delivery: 2024-11-30"]
    unread = read(Category.PREGNANCY, {**due, "valueDateTime": "soon"})
    assert [finding.code for finding in unread.findings] == [FindingCode.INVALID_RESOURCE]


@pytest.mark.parametrize(
    ("system", "code", "is_pregnancy"),
    [
        ("http://snomed.info/sct", "72892002", True),
        ("urn:oid:2.16.840.1.113883.6.96", "77386006", True),
        ("http://hl7.org/fhir/sid/icd-10-cm", "Z34.90", True),
        ("http://hl7.org/fhir/sid/icd-10-cm", "O24.410", True),
        ("http://hl7.org/fhir/sid/icd-10", "Z33", True),
        ("http://hl7.org/fhir/sid/icd-10-cm", "O80", False),
        ("http://hl7.org/fhir/sid/icd-10-cm", "Z33.2", False),
        ("http://hl7.org/fhir/sid/icd-10-cm", "I10", False),
        ("http://snomed.info/sct", "44054006", False),
        ("urn:local", "72892002", False),
    ],
)
def test_conditions_that_mean_a_pregnancy_are_of_the_category(system, code, is_pregnancy):
    concept = {"coding": [{"system": system, "code": code}], "text": "A condition"}
    found = read(Category.PREGNANCY, condition(code=concept))
    assert [fact.category for fact in found.facts] == [Category.PREGNANCY] * is_pregnancy
    assert found.findings == ()


def test_a_pregnancy_that_is_over_says_so():
    concept = {"coding": [{"system": "http://snomed.info/sct", "code": "72892002"}], "text": "Pregnancy"}
    over = condition(code=concept, clinicalStatus=status("resolved"), abatementDateTime="2021-11")
    assert texts(Category.PREGNANCY, over) == ["Pregnancy (resolved 2021-11, since 2021-03)"]


@pytest.mark.parametrize(
    ("resource", "text"),
    [
        (
            event("MedicationStatement", status="active", dosage=[{"text": "twice daily"}]),
            "Apixaban, twice daily (reported as taken, active)",
        ),
        (
            event("MedicationAdministration", dosage={"text": "5 mg"}),
            "Apixaban, 5 mg (given, completed)",
        ),
        (
            event("MedicationDispense", dosageInstruction=[{"text": "twice daily"}]),
            "Apixaban, twice daily (dispensed, completed)",
        ),
        (event("MedicationStatement", status="not-taken"), "Apixaban (not reported as taken)"),
    ],
)
def test_what_was_reported_given_or_dispensed_says_which(resource, text):
    assert texts(Category.MEDICATIONS, resource) == [text]


def test_events_stand_in_only_where_there_is_no_order_and_only_the_newest():
    found = texts(
        Category.MEDICATIONS,
        order(medicationCodeableConcept={"text": "Warfarin"}, dosageInstruction=None),
        event("MedicationStatement", "warfarin"),
        event("MedicationAdministration", key="old", effectiveDateTime="2024-01-01"),
        event("MedicationAdministration", key="new", effectiveDateTime="2024-01-02"),
    )
    assert found == ["Apixaban (given, completed)", "Warfarin (active)"]


def test_a_medication_is_known_by_its_rxnorm_code_before_others():
    codings = [
        {"system": "urn:local", "code": "x"},
        {"system": "http://hl7.org/fhir/sid/ndc", "code": "y"},
        {"system": RXNORM, "code": "1364430"},
    ]
    (fact,) = read(
        Category.MEDICATIONS, order(medicationCodeableConcept={"coding": codings, "text": "Apixaban"})
    ).facts
    assert fact.code == f"{RXNORM}|1364430"


@pytest.mark.parametrize(
    ("category", "make", "element", "preferred"),
    [
        (Category.MEDICATIONS, order, "medicationCodeableConcept", f"{RXNORM}|1364430"),
        (Category.ALLERGIES, allergy, "code", f"{RXNORM}|1364430"),
        (Category.LABORATORY, observation, "code", "http://loinc.org|2160-0"),
        (Category.CONDITIONS, condition, "code", "http://snomed.info/sct|44054006"),
        (Category.PROCEDURES, procedure, "code", "http://snomed.info/sct|44054006"),
    ],
)
def test_each_category_prefers_the_system_that_its_checks_use(category, make, element, preferred):
    codings = [
        {"system": "http://hl7.org/fhir/sid/icd-10", "code": "E11"},
        {"system": "http://loinc.org", "code": "2160-0"},
        {"system": "http://snomed.info/sct", "code": "44054006"},
        {"system": RXNORM, "code": "1364430"},
    ]
    for given in (codings, codings[::-1]):
        (fact,) = read(category, make(**{element: {"coding": given, "text": "Thing"}})).facts
        assert fact.code == preferred


@pytest.mark.parametrize("kind", ["MedicationStatement", "MedicationDispense"])
def test_an_event_without_a_medication_is_a_finding(kind):
    found = read(Category.MEDICATIONS, event(kind, ""))
    assert [finding.code for finding in found.findings] == [FindingCode.INVALID_RESOURCE]


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ({"value": 4.5, "unit": "bananas"}, FindingCode.UNKNOWN_UNIT, "(unit not understood)"),
        ({"value": 4.5, "unit": "mmHg"}, FindingCode.UNKNOWN_UNIT, "(unit not understood)"),
        ({"value": 45, "unit": "mmol/L"}, FindingCode.IMPOSSIBLE_VALUE, "(not a possible value)"),
        ({"value": 4.5}, FindingCode.MISSING_UNIT, "(unit missing)"),
    ],
)
def test_a_number_in_doubt_says_so_and_is_a_finding(given, code, said):
    potassium = {"coding": [{"system": "http://loinc.org", "code": "2823-3"}], "text": "Potassium"}
    found = read(Category.LABORATORY, observation(code=potassium, valueQuantity=given))
    (fact,), (finding,) = found.facts, found.findings
    assert said in fact.text
    assert finding.code is code
    assert finding.text.startswith("Potassium ")
    assert fact.unit is None


def test_capitals_are_told_apart_by_what_is_measured():
    def result(loinc):
        code = {"coding": [{"system": "http://loinc.org", "code": loinc}], "text": "Result"}
        return observation(code=code, valueQuantity={"value": 7.5, "unit": "G/L"})

    assert [fact.unit for fact in read(Category.LABORATORY, result("6690-2")).facts] == ["10*9/L"]
    assert [fact.unit for fact in read(Category.LABORATORY, result("1751-7")).facts] == ["g/L"]
    assert [fact.unit for fact in read(Category.LABORATORY, result("0-0")).facts] == [None]
