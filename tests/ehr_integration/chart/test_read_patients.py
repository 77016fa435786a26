"""The demographics of several patients, and of no other."""

import pytest

from ehr_integration.chart.services import read_patients
from ehr_integration.errors import EhrInvalidResponse
from tests.ehr_integration.chart.record import record, record_with
from tests.ehr_integration.chart.resources import patient
from tests.ehr_integration.ehr import bundle


def test_patients_are_read_in_one_request_in_the_order_of_the_grants(ehr_at, grant_for):
    ehr = ehr_at(
        record_with(Patient=bundle(patient("p2", name=[{"text": "Zoë Øhlenschläger"}]), patient("p1")))
    )
    people = read_patients([grant_for(key) for key in ("p1", "gone", "p2", "p1", "not/an/id")])
    assert [(person.id, person.name) for person in people] == [
        ("p1", "Wendell A Lorem"),
        ("p2", "Zoë Øhlenschläger"),
    ]
    assert [(path, query["_id"]) for path, query, _ in ehr.requests] == [("/fhir/Patient", ["p1,gone,p2"])]


def test_no_grants_ask_nothing(ehr_at):
    ehr = ehr_at(record)
    assert read_patients([]) == ()
    assert ehr.requests == []


def test_a_patient_without_grant_is_never_among_the_patients(ehr_at, grant_for):
    ehr_at(record_with(Patient=bundle(patient("p1"), patient("p2"))))
    with pytest.raises(EhrInvalidResponse):
        read_patients([grant_for("p1")])


def test_many_patients_are_asked_for_in_groups(ehr_at, grant_for):
    ehr = ehr_at(record_with(Patient=bundle()))
    assert read_patients([grant_for(f"p{number}") for number in range(120)]) == ()
    assert sorted(len(query["_id"][0].split(",")) for _, query, _ in ehr.requests) == [20, 50, 50]
