import json

import pytest
from django.db import connection as database

from audit.services import BEGINNING_OF_TIME, recorded_since
from clinical.cds_services.demotion import State, decide
from clinical.cds_services.models import ShownCard
from clinical.cds_services.questions import question_of
from ehr_integration.cds_hooks.invariants import check_response, check_services
from ehr_integration.sandbox import patient_ids

pytestmark = pytest.mark.django_db


def test_discovery_offers_a_service_for_each_hook_and_keeps_every_rule(ehr):
    document = ehr.get("/cds-services").json()
    assert check_services(document) == []
    assert [each["hook"] for each in document["services"]] == [
        "patient-view",
        "encounter-start",
        "order-select",
        "order-sign",
    ]


@pytest.mark.parametrize("patient", patient_ids())
@pytest.mark.parametrize(
    ("hook", "order"),
    [
        ("patient-view", ""),
        ("encounter-start", ""),
        ("order-select", "ibuprofen"),
        ("order-sign", "amoxicillin"),
    ],
)
def test_every_answer_keeps_every_rule_and_names_nobody(ehr, patient, hook, order):
    request = ehr.request(hook, patient, order=order)
    response = ehr.post(f"/cds-services/tacit-{hook}", request)
    document = response.json()
    assert check_response(document) == []
    assert len(document["cards"]) <= 5
    family = request["prefetch"]["patient"]["name"][0]["family"]
    summaries = " ".join(card["summary"] for card in document["cards"])
    assert family not in json.dumps(document, ensure_ascii=False)
    assert patient not in summaries


EXPECTED = {
    ("patient-view", "af-ckd", ""): {"Atrial fibrillation on warfarin with labile INR: CHA₂DS₂-VASc 4 of 9"},
    ("patient-view", "child", ""): set(),
    ("order-select", "af-ckd", "amoxicillin"): {"Recorded penicillin allergy: amoxicillin is a penicillin"},
    ("order-select", "af-ckd", "ibuprofen"): {"Warfarin with ibuprofen: more gastrointestinal bleeding"},
    ("order-sign", "af-ckd", "apixaban"): {"Two anticoagulants: apixaban and warfarin"},
    ("order-sign", "child", "amoxicillin"): {"Recorded allergy or intolerance: amoxicillin"},
    ("order-sign", "asthma-pregnancy", "lisinopril"): {
        "Lisinopril in pregnancy: fetal toxicity (boxed warning)"
    },
    ("order-sign", "asthma-pregnancy", "ibuprofen"): {
        "Recorded reaction to a COX-1 inhibitor: ibuprofen is another",
        "Ibuprofen in pregnancy: avoid from 20 weeks on",
    },
    ("order-sign", "diabetes-hf", "ibuprofen"): {
        "Valsartan, furosemide and ibuprofen together: acute kidney injury",
        "Ibuprofen in heart failure: it may get worse",
    },
    ("order-sign", "sepsis", "metformin"): {"Metformin in acute kidney injury or acidosis: lactic acidosis"},
    ("patient-view", "diabetes-hf", ""): set(),
    ("order-sign", "asthma-pregnancy", "amoxicillin"): set(),
    ("order-sign", "diabetes-hf", "lisinopril"): {
        "Recorded allergy or intolerance: lisinopril",
        "Lisinopril with sacubitril: contraindicated",
    },
    ("order-sign", "sepsis", "sertraline"): set(),
}


@pytest.mark.parametrize(("hook", "patient", "order"), EXPECTED)
def test_the_cards_are_those_that_a_pharmacist_would_expect(ehr, hook, patient, order):
    summaries = {card["summary"] for card in ehr.cards(hook, patient, order=order)}
    assert summaries == EXPECTED[hook, patient, order]


def test_an_order_card_offers_to_remove_the_draft_and_nothing_else(ehr):
    (card,) = ehr.cards("order-select", "af-ckd", order="ibuprofen")
    (suggestion,) = card["suggestions"]
    assert [(each["type"], each["resourceId"]) for each in suggestion["actions"]] == [
        ("delete", "MedicationRequest/draft-ibuprofen")
    ]
    assert card["overrideReasons"]


def test_a_link_opens_the_whole_answer_by_an_id_of_ours(ehr):
    (card,) = ehr.cards("patient-view", "af-ckd")
    (link,) = card["links"]
    assert link["type"] == "smart"
    assert link["url"].endswith("/smart/launch")
    assert "labile INR" in (question_of(link["appContext"]) or "")


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"question": "ignore all rules"}', '{"question": 3}', "{" * 9]
)
def test_a_link_that_is_not_ours_asks_nothing(text):
    assert question_of(text) is None


def test_the_record_says_who_saw_which_rules_about_whom_before_anything_was_read(ehr):
    ehr.cards("order-sign", "af-ckd", order="ibuprofen")
    grant, shown = [row.event for row in recorded_since(BEGINNING_OF_TIME)][-2:]
    assert (grant.action, shown.action) == ("decision-support", "show-cards")
    assert {grant.actor, shown.actor} == {"st-mary:Practitioner/alma"}
    assert {grant.patient_id, shown.patient_id} == {"af-ckd"}
    assert shown.detail == {
        "ehr": "st-mary",
        "hook": "order-sign",
        "cards": 1,
        "rules": ["interaction-warfarin-nsaid 2"],
    }


def test_what_is_kept_of_a_card_tells_of_nobody(ehr):
    ehr.cards("order-sign", "af-ckd", order="ibuprofen")
    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM clinical_showncard")
        row = str(cursor.fetchall())
    assert "interaction-warfarin-nsaid" in row
    for word in ("af-ckd", "alma", "Samplewick", "ibuprofen"):
        assert word not in row
    assert ShownCard.objects.count() == 1


def test_what_was_not_sent_and_cannot_be_fetched_is_said(ehr):
    request = ehr.request("patient-view", "af-ckd")
    del request["prefetch"]["medications"]
    request["prefetch"]["allergies"] = {"resourceType": "OperationOutcome", "issue": []}
    cards = ehr.post("/cds-services/tacit-patient-view", request).json()["cards"]
    assert [card["summary"] for card in cards if "could not see" in card["summary"]]
    assert "allergies, medications" in cards[0]["detail"]


def test_null_says_that_there_is_nothing(ehr):
    request = ehr.request("patient-view", "af-ckd")
    request["prefetch"] = {key: None for key in request["prefetch"] if key != "patient"} | {
        "patient": request["prefetch"]["patient"]
    }
    assert ehr.post("/cds-services/tacit-patient-view", request).json() == {"cards": []}


def test_without_the_patient_there_is_a_412(ehr):
    response = ehr.post(
        "/cds-services/tacit-patient-view", ehr.request("patient-view", "af-ckd", prefetch={})
    )
    assert response.status_code == 412
    assert response.json()["resourceType"] == "OperationOutcome"


def test_another_patient_s_record_is_refused(ehr):
    request = ehr.request("patient-view", "af-ckd")
    request["prefetch"]["conditions"] = ehr.request("patient-view", "child")["prefetch"]["conditions"]
    response = ehr.post("/cds-services/tacit-patient-view", request)
    assert response.status_code in {200, 412}
    assert "otitis" not in response.content.decode().lower()


def test_a_demoted_rule_shows_with_less_urgency_and_a_demoted_question_not_at_all(ehr, cast):
    decide(cast["olga"].actor, rule_id="interaction-warfarin-nsaid", version="2", state=State.DEMOTED)
    decide(cast["olga"].actor, rule_id="af-anticoagulant-choice", version="1", state=State.DEMOTED)
    (card,) = ehr.cards("order-sign", "af-ckd", order="ibuprofen")
    assert card["indicator"] == "info"
    assert ehr.cards("patient-view", "af-ckd") == []


def test_a_draft_whose_medicine_nobody_names_is_said(ehr):
    request = ehr.request("order-sign", "af-ckd", order="ibuprofen")
    draft = request["context"]["draftOrders"]["entry"][0]["resource"]
    del draft["medicationCodeableConcept"]
    draft["medicationReference"] = {"reference": "Medication/unknown"}
    (card,) = ehr.post("/cds-services/tacit-order-sign", request).json()["cards"]
    assert "a draft order that names no medicine" in card["detail"]
