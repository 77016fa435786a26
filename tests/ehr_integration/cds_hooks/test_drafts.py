import pytest

from ehr_integration.cds_hooks.drafts import with_medicines
from tests.ehr_integration.cds_hooks.documents import order

CODE = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "5640"}]}
MEDICATION = {"resourceType": "Medication", "id": "m1", "code": CODE}


def referring(reference, **more):
    draft = order(medicationReference=reference, **more)
    del draft["medicationCodeableConcept"]
    return draft


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (order(), {"text": "Warfarin 3 mg"}),
        (referring({"reference": "Medication/m1"}), CODE),
        (referring({"reference": "https://ehr.example.org/fhir/Medication/m1"}), CODE),
        (referring({"reference": "Medication/m1", "display": "Ibuprofen"}), {"text": "Ibuprofen", **CODE}),
        (referring({"reference": "Medication/gone", "display": "Ibuprofen"}), {"text": "Ibuprofen"}),
        (
            referring(
                {"reference": "#in"}, contained=[{"resourceType": "Medication", "id": "in", "code": CODE}]
            ),
            CODE,
        ),
        (referring({"reference": "Medication/gone"}), None),
        (referring("m1"), None),
    ],
)
def test_a_draft_names_its_medicine_where_the_call_tells_it(draft, code):
    found, medication = with_medicines([draft, MEDICATION])
    assert found.get("medicationCodeableConcept") == code
    assert medication == MEDICATION
    assert found["id"] == draft["id"]


def test_a_draft_that_is_no_order_of_a_medicine_stays_as_it_is():
    other = {"resourceType": "ServiceRequest", "id": "s1"}
    assert with_medicines([other]) == (other,)
