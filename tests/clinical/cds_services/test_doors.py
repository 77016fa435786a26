import json
import time
import uuid

import pytest

from tests.ehr_integration.jws.signing import OTHER_EC, claims, token

pytestmark = pytest.mark.django_db
PATH = "/cds-services/tacit-patient-view"


@pytest.mark.parametrize("path", ["/cds-services", PATH, f"{PATH}/feedback"])
def test_no_door_opens_without_a_token(ehr, path):
    response = (
        ehr.client.get(path) if path == "/cds-services" else ehr.client.post(path, "{}", "application/json")
    )
    assert response.status_code == 401
    assert "Bearer" in response["WWW-Authenticate"]


def test_a_token_for_another_address_is_refused(ehr):
    headers = ehr.headers("/cds-services")
    assert ehr.client.post(PATH, "{}", "application/json", headers=headers).status_code == 401
    assert ehr.client.get("/cds-services", headers=headers).status_code == 200


def test_a_token_is_good_once(ehr):
    headers = ehr.headers("/cds-services")
    assert [ehr.client.get("/cds-services", headers=headers).status_code for _ in range(2)] == [200, 401]


def test_a_foreign_key_proves_nothing(ehr):
    forged = token(claims(iss="https://ehr.example.org", aud=f"{ehr.base_url}/cds-services"), key=OTHER_EC)
    response = ehr.client.get("/cds-services", headers={"Authorization": f"Bearer {forged}"})
    assert response.status_code == 401


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"hook": "order-sign"}, "draftOrders"),
        ({"hookInstance": "one"}, "hookInstance"),
        ({"context": {}}, "context"),
        ({"context": {"userId": "Practitioner/alma", "patientId": "Patient/af-ckd"}}, "patientId"),
        ({"fhirServer": "https://other.example.org/fhir"}, "fhirServer"),
        ({"fhirServer": None, "fhirAuthorization": {"access_token": "x"}}, ""),
    ],
)
def test_a_request_that_is_not_as_the_specification_has_it_names_the_rule(ehr, change, named):
    response = ehr.post(PATH, {**ehr.request("patient-view", "af-ckd"), **change})
    assert response.status_code == 400
    assert named in response.json()["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"hook": 1, "hook": 2}', b"[" * 100_000, b'{"a": NaN}', b"\xff"]
)
def test_a_body_that_is_no_json_object_is_refused(ehr, body):
    assert ehr.post(PATH, body).status_code == 400


def test_an_unknown_service_is_not_found(ehr):
    assert ehr.post("/cds-services/other", {}).status_code == 404


def test_a_patient_who_uses_the_ehr_gets_no_cards(ehr):
    request = ehr.request("patient-view", "af-ckd")
    request["context"]["userId"] = "Patient/af-ckd"
    assert ehr.post(PATH, request).status_code == 403


def test_no_refusal_quotes_the_request(ehr):
    secret = f"secret{uuid.uuid4().hex}"
    request = ehr.request("patient-view", "af-ckd")
    for change in (
        {"hookInstance": secret},
        {"context": {"userId": secret, "patientId": secret}},
        {"fhirServer": f"https://{secret}/"},
    ):
        assert secret not in ehr.post(PATH, {**request, **change}).content.decode()


def feedback(card, outcome="overridden", **more):
    entry = {"card": card, "outcome": outcome, "outcomeTimestamp": "2026-11-26T10:00:00Z", **more}
    return {"feedback": [entry]}


def test_feedback_is_kept_as_codes_and_the_last_word_counts(ehr):
    from clinical.cds_services.models import CardFeedback

    (card,) = ehr.cards("order-sign", "af-ckd", order="ibuprofen")
    path = "/cds-services/tacit-order-sign/feedback"
    reason = {"reason": card["overrideReasons"][0], "userComment": "Mrs Samplewick insists"}
    assert ehr.post(path, feedback(card["uuid"], overrideReason=reason)).status_code == 200
    (kept,) = CardFeedback.objects.values_list("outcome", "reason_code")
    assert kept == ("overridden", "patient-contraindication")
    suggestion = {"acceptedSuggestions": [{"id": card["suggestions"][0]["uuid"]}]}
    ehr.post(path, feedback(card["uuid"], "accepted", **suggestion))
    assert list(CardFeedback.objects.values_list("outcome", flat=True)) == ["accepted"]
    assert "Samplewick" not in str(list(CardFeedback.objects.values()))


def test_feedback_about_a_card_that_was_never_shown_changes_nothing_and_tells_nothing(ehr):
    from clinical.cds_services.models import CardFeedback

    response = ehr.post("/cds-services/tacit-order-sign/feedback", feedback(str(uuid.uuid4())))
    assert (response.status_code, json.loads(response.content)) == (200, {})
    assert not CardFeedback.objects.exists()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"feedback": [{}]},
        feedback("x"),
        feedback(str(uuid.uuid4()), "ignored"),
        feedback(str(uuid.uuid4()), "accepted"),
    ],
)
def test_feedback_that_is_not_as_the_specification_has_it_is_refused(ehr, document):
    assert ehr.post("/cds-services/tacit-order-sign/feedback", document).status_code == 400


def test_an_expired_token_is_refused(ehr):
    headers = ehr.headers("/cds-services", exp=int(time.time()) - 60)
    assert ehr.client.get("/cds-services", headers=headers).status_code == 401
