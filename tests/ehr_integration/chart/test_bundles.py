"""Whatever carries a record, the chart is the same; whose record it is must be certain, or there is no chart."""

import json
from datetime import date

import pytest

from ehr_integration.chart.bundles import chart_from_json, chart_from_resources
from ehr_integration.chart.domain import Category, FindingCode
from ehr_integration.errors import ChartRefusal, ChartRefused
from tests.ehr_integration.chart.resources import (
    SUBJECT,
    allergy,
    condition,
    encounter,
    note,
    observation,
    order,
    patient,
    pregnancy,
    pressure,
    procedure,
)

ON = date(2024, 6, 1)
UUID = "98549f1a-e0d5-4454-849c-f5b97d3ed299"
BASE = "https://ehr.example/fhir"


def bundle(*resources, kind="collection", urls=(), **elements):
    entries = [{"resource": resource} for resource in resources]
    for entry, url in zip(entries, urls, strict=False):
        entry["fullUrl"] = url
    return {"resourceType": "Bundle", "type": kind, "entry": entries, **elements}


def chart_of(*resources, patient_id=None):
    return chart_from_resources(resources, patient_id=patient_id, on=ON)


def refusal_of(*resources, patient_id=None):
    with pytest.raises(ChartRefused) as refused:
        chart_of(*resources, patient_id=patient_id)
    return refused.value.code


def references(chart):
    return {fact.reference for fact in chart.facts}


def codes_of(chart):
    return [finding.code for finding in chart.findings]


def about(reference, key="o1", **elements):
    return observation(key, subject={"reference": reference}, **elements)


RECORD = [
    patient(),
    condition(),
    order(),
    allergy(),
    observation(),
    pressure(142, 86, "o2"),
    pregnancy(),
    procedure(),
    encounter(),
    note("Seen today."),
]


def test_a_record_has_a_fact_of_every_category_in_their_order():
    chart = chart_of(bundle(*RECORD))
    assert [fact.category for fact in chart.facts] == list(Category)
    assert chart.patient.name == "Wendell A Lorem"


@pytest.mark.parametrize(
    "kind", ["collection", "searchset", "transaction", "batch", "document", "message", "history", None]
)
def test_every_kind_of_bundle_is_read(kind):
    composition = {"resourceType": "Composition", "id": "c", "subject": SUBJECT}
    assert len(chart_of(bundle(composition, *RECORD, kind=kind)).facts) == len(Category)


def test_bundles_within_bundles_and_lists_and_lines_are_the_same_record():
    whole = chart_of(*RECORD)
    lines = "\n".join(json.dumps(resource) for resource in RECORD).encode()
    assert chart_of(bundle(bundle(*RECORD[:4]), *RECORD[4:])) == whole
    assert chart_from_json(json.dumps(RECORD).encode(), on=ON) == whole
    assert chart_from_json(b"\xef\xbb\xbf" + lines + b"\n\n", on=ON) == whole
    assert chart_from_json(json.dumps(bundle(*RECORD), indent=1).encode(), on=ON) == whole


@pytest.mark.parametrize(
    ("urls", "reference"),
    [
        ((), "Patient/p1"),
        ((), "Patient/p1/_history/3"),
        ((), f"{BASE}/Patient/p1"),
        ((f"urn:uuid:{UUID}",), f"urn:uuid:{UUID}"),
        ((f"urn:uuid:{UUID}",), "Patient/p1"),
        ((f"urn:uuid:{UUID}", f"{BASE}/Observation/o1"), f"{BASE}/Patient/p1"),
        ((f"{BASE}/Patient/p1", f"{BASE}/Observation/o1"), "Patient/p1"),
        ((f"{BASE}/Patient/p1/_history/2", f"{BASE}/Observation/o1/_history/1"), "Patient/p1/_history/2"),
        ((f"{BASE}/Patient/p1", "urn:uuid:1"), f"{BASE}/Patient/p1"),
        ((f"{BASE}/Patient/p1",), "Patient/p1"),
        (("resource:0", "resource:1"), "resource:0"),
    ],
)
def test_references_to_the_patient_are_theirs(urls, reference):
    chart = chart_of(bundle(patient(), about(reference), urls=urls))
    assert references(chart) == {"Observation/o1"}


@pytest.mark.parametrize(
    ("urls", "reference"),
    [
        ((), "Patient/p2"),
        ((), "urn:uuid:unknown"),
        ((f"{BASE}/Patient/p1",), "https://elsewhere.example/fhir/Patient/p1"),
        ((f"{BASE}/Patient/p1", "https://elsewhere.example/fhir/Observation/o1"), "Patient/p1"),
        ((f"urn:uuid:{UUID}",), "urn:uuid:unknown"),
        ((), "Patient/p1/../p2"),
    ],
)
def test_a_reference_to_another_patient_means_no_chart(urls, reference):
    assert refusal_of(bundle(patient(), about(reference), urls=urls)) == ChartRefusal.SEVERAL_PATIENTS


def test_one_id_at_two_addresses_is_two_patients():
    two = [about("https://a.example/Patient/p1"), about("https://b.example/Patient/p1", "o2")]
    assert refusal_of(patient(), *two) == ChartRefusal.SEVERAL_PATIENTS
    assert refusal_of(*two, patient_id="p1") == ChartRefusal.SEVERAL_PATIENTS


@pytest.mark.parametrize(
    "subject",
    [
        None,
        {},
        {"display": "Wendell"},
        {"reference": "Group/p1"},
        {"reference": 7},
        "p1",
        {"reference": "Patient?name=x"},
    ],
)
def test_what_names_no_patient_is_left_out(subject):
    chart = chart_of(patient(), {**observation(), "subject": subject})
    assert references(chart) == set()
    assert codes_of(chart) == [FindingCode.INVALID_RESOURCE]


def test_an_identifier_of_the_patient_names_them():
    identifier = {"system": "urn:mrn", "value": "42"}
    person = patient(identifier=[identifier])
    named = observation(subject={"identifier": identifier})
    other = observation("o2", subject={"identifier": {**identifier, "value": "43"}})
    assert references(chart_of(person, named, other)) == {"Observation/o1"}


def test_a_patient_held_within_a_resource_is_the_patient():
    held = about("#p9", contained=[patient("p9")])
    assert chart_of(held).patient.id == "p9"
    assert references(chart_of(held)) == {"Observation/o1"}
    assert refusal_of(patient(), held) == ChartRefusal.SEVERAL_PATIENTS
    assert references(chart_of(patient(), about("#p1", contained=[patient()]))) == {"Observation/o1"}
    assert references(chart_of(patient(), about("#gone"))) == set()


def test_a_patient_who_was_not_sent_may_be_named_by_a_urn():
    name = "urn:uuid:0b1c3a52-0000-4000-8000-000000000001"
    chart = chart_of(about(name, "1", issued="2020"), about(name, "2", effectiveDateTime="2021"))
    assert chart.patient.id == name.removeprefix("urn:uuid:")
    assert references(chart) == {"Observation/1", "Observation/2"}
    assert refusal_of(about(name, "1"), about(f"{name}2", "2")) == ChartRefusal.SEVERAL_PATIENTS
    assert refusal_of(patient(), about(name, "1")) == ChartRefusal.SEVERAL_PATIENTS


def test_without_a_patient_resource_the_one_referred_to_is_the_patient_and_it_is_said():
    chart = chart_of(observation(), condition())
    assert (chart.patient.id, chart.patient.birth_date) == ("p1", None)
    assert len(chart.facts) == 2
    assert (FindingCode.INCOMPLETE, "Patient/p1") in [(f.code, f.reference) for f in chart.findings]


@pytest.mark.parametrize(
    ("resources", "code"),
    [
        ([], ChartRefusal.NOT_FHIR),
        ([None, 3, "x", {}, {"resourceType": 3}], ChartRefusal.NOT_FHIR),
        ([{"resourceType": "Questionnaire"}], ChartRefusal.NO_PATIENT),
        ([bundle()], ChartRefusal.NO_PATIENT),
        ([observation(subject=None)], ChartRefusal.NO_PATIENT),
        ([patient(id="not an id")], ChartRefusal.NO_PATIENT),
        ([patient(), patient("p2")], ChartRefusal.SEVERAL_PATIENTS),
        ([observation(), about("Patient/p2", "o2")], ChartRefusal.SEVERAL_PATIENTS),
        ([patient(), patient(birthDate="1962")], ChartRefusal.PATIENTS_DISAGREE),
        ([patient(), patient(gender="female")], ChartRefusal.PATIENTS_DISAGREE),
    ],
)
def test_where_there_is_not_one_patient_there_is_no_chart(resources, code):
    assert refusal_of(*resources) == code


def test_another_patient_than_the_one_asked_for_means_no_chart():
    assert refusal_of(*RECORD, patient_id="p2") == ChartRefusal.PATIENTS_DISAGREE
    assert refusal_of(observation(), patient_id="p2") == ChartRefusal.SEVERAL_PATIENTS


def test_an_empty_prefetch_of_a_known_patient_is_a_chart_that_says_what_it_lacks():
    chart = chart_of(patient_id="p1")
    assert (chart.patient.id, chart.facts, codes_of(chart)) == ("p1", (), [FindingCode.INCOMPLETE])


def test_the_same_patient_twice_is_one():
    assert len(chart_of(bundle(*RECORD), patient()).facts) == len(Category)


def test_of_two_versions_the_one_updated_last_is_read():
    old = observation(
        valueQuantity={"value": 1, "unit": "mL/min"}, meta={"lastUpdated": "2020-01-01T00:00:00Z"}
    )
    new = observation(
        valueQuantity={"value": 2, "unit": "mL/min"}, meta={"lastUpdated": "2021-01-01T00:00:00Z"}
    )
    for pair in ([old, new], [new, old]):
        assert [fact.value for fact in chart_of(patient(), *pair).facts] == [2]


def test_two_versions_without_dates_are_said():
    chart = chart_of(patient(), observation(), observation(status="preliminary"))
    assert [fact.status for fact in chart.facts] == ["final"]
    assert FindingCode.CONFLICTING_STATUS in codes_of(chart)


def test_what_a_history_deleted_is_not_read():
    deleted = {"request": {"method": "DELETE", "url": "Observation/o1"}}
    history = bundle(patient(), observation(), kind="history")
    history["entry"].insert(0, deleted)
    assert references(chart_of(history)) == set()


def test_a_resource_without_id_is_known_by_its_address_or_its_place():
    nameless = observation(id=None)
    assert references(chart_of(bundle(patient(), nameless, urls=["", f"urn:uuid:{UUID}"]))) == {
        f"Observation/{UUID}"
    }
    assert references(chart_of(patient(), nameless)) == {"Observation/entry-2"}


@pytest.mark.parametrize(
    ("urls", "reference"),
    [
        ((), "Medication/m9"),
        (("", "urn:uuid:med"), "urn:uuid:med"),
        (("", f"{BASE}/Medication/m9"), f"{BASE}/Medication/m9/_history/1"),
    ],
)
def test_a_medication_in_the_bundle_names_the_order(urls, reference):
    medication = {"resourceType": "Medication", "id": "m9", "code": {"text": "Apixaban"}}
    given = order(medicationCodeableConcept=None, medicationReference={"reference": reference})
    chart = chart_of(bundle(patient(), medication, given, urls=urls))
    assert [fact.name for fact in chart.facts] == ["Apixaban"]


def test_a_medication_that_was_not_sent_is_a_finding():
    given = order(medicationCodeableConcept=None, medicationReference={"reference": "Medication/lost"})
    assert codes_of(chart_of(patient(), given)) == [FindingCode.INVALID_RESOURCE]


@pytest.mark.parametrize(
    "sent",
    [
        bundle(patient(), link=[{"relation": "next", "url": "x"}]),
        bundle(patient(), {"resourceType": "OperationOutcome", "issue": [{"severity": "warning"}]}),
        {
            "resourceType": "Bundle",
            "entry": [{"resource": patient()}, {"response": {"status": "404 Not Found"}}],
        },
    ],
)
def test_what_was_sent_in_part_says_so(sent):
    assert codes_of(chart_of(sent)) == [FindingCode.INCOMPLETE]


def test_records_held_within_others_are_said_not_to_be_read():
    holding = condition(contained=[observation("inner")])
    assert FindingCode.INCOMPLETE in codes_of(chart_of(patient(), holding))


def test_an_observation_without_category_is_told_by_its_code():
    weight = {"coding": [{"system": "http://loinc.org", "code": "29463-7"}], "text": "Weight"}
    creatinine = {"coding": [{"system": "http://loinc.org", "code": "2160-0"}], "text": "Creatinine"}
    chart = chart_of(
        patient(),
        observation("w", category=None, code=weight, valueQuantity={"value": 80, "unit": "kg"}),
        {**observation("o"), "category": []},
        observation("examined", category="exam", code=creatinine),
        observation("smoking", category="social-history"),
    )
    assert {fact.reference: fact.category for fact in chart.facts} == {
        "Observation/examined": Category.LABORATORY,
        "Observation/w": Category.VITAL_SIGNS,
        "Observation/o": Category.LABORATORY,
    }


@pytest.mark.parametrize(
    "resource",
    [
        observation(effectiveDateTime=["2024"]),
        observation(status=None),
        condition(onsetDateTime=2021),
        procedure(status=3),
        order(intent={}),
    ],
)
def test_an_element_of_the_wrong_type_is_a_finding_and_the_rest_is_read(resource):
    chart = chart_of(patient(), resource)
    assert len(chart.facts) == 1
    assert FindingCode.INVALID_RESOURCE in codes_of(chart)


def test_a_patient_of_the_wrong_shape_is_a_finding():
    chart = chart_of(patient(birthDate=1961))
    assert (chart.patient.birth_date, codes_of(chart)) == (None, [FindingCode.INVALID_RESOURCE])
