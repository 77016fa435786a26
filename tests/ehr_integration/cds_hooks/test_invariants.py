"""Each invariant of the specification, by its id, with a document that keeps it and one that breaks it."""

import json
from pathlib import Path

import pytest

from ehr_integration.cds_hooks.invariants import (
    Violation,
    check_feedback,
    check_request,
    check_response,
    check_services,
)
from tests.ehr_integration.cds_hooks.documents import (
    AUTHORIZATION,
    CONTEXTS,
    action,
    call,
    card,
    drafts,
    link,
    order,
    overridden,
    suggestion,
    told,
)

PUBLISHED = Path(__file__).resolve().parents[4] / "shared/data/cds_hooks"


def of_request(document):
    return [(each.rule, each.path) for each in check_request(document)]


def of_card(document):
    return [(each.rule, each.path) for each in check_response({"cards": [document]})]


def of_entry(document):
    return [(each.rule, each.path) for each in check_feedback({"feedback": [document]})]


def test_cds_r_1_authorization_needs_a_server():
    assert of_request(call()) == []
    assert of_request(call(fhirServer=None)) == [("cds-r-1", "")]
    assert of_request(call(fhirServer=None, fhirAuthorization=None)) == []


def test_cds_r_2_a_patient_scope_names_its_patient():
    unnamed = {name: value for name, value in AUTHORIZATION.items() if name != "patient"}
    assert of_request(call(fhirAuthorization=unnamed)) == [("cds-r-2", "fhirAuthorization")]
    assert of_request(call(fhirAuthorization={**unnamed, "scope": "user/*.rs"})) == []


def test_ord_1_a_selection_is_a_type_and_an_id():
    assert of_request(call("order-select")) == []
    broken = call("order-select", context={"selections": ["o1"]})
    assert of_request(broken) == [("ord-1", "context.selections[0]")]


def test_cds_resp_1_of_suggestions_that_exclude_each_other_one_is_recommended():
    two = [suggestion(isRecommended=True), suggestion(isRecommended=True)]
    assert of_card(card(suggestions=two)) == []
    assert of_card(card(suggestions=two, selectionBehavior="at-most-one")) == [("cds-resp-1", "cards[0]")]
    assert of_card(card(suggestions=two[:1], selectionBehavior="at-most-one")) == []


def test_cds_resp_2_what_is_deleted_is_named_by_its_id():
    place = "cards[0].suggestions[0].actions[0]"
    for broken in (action(resourceId=None), action(resource=order())):
        assert of_card(card(suggestions=[suggestion(actions=[broken])])) == [("cds-resp-2", place)]
    created = action(type="create", resourceId=None, resource=order())
    assert of_card(card(suggestions=[suggestion(actions=[created])])) == []


def test_cds_resp_3_only_an_app_gets_context():
    assert of_card(card(links=[link(type="smart", appContext="x")])) == []
    assert of_card(card(links=[link(appContext="x")])) == [("cds-resp-3", "cards[0].links[0]")]


def test_cds_resp_4_a_reason_has_words():
    wordless = {"system": "urn:reasons", "code": "known"}
    assert of_card(card(overrideReasons=[wordless])) == [("cds-resp-4", "cards[0]")]
    assert of_card(card(overrideReasons=[{**wordless, "display": "Known"}])) == []


def test_cds_resp_5_an_action_of_a_suggestion_is_described():
    bare = action(description=None)
    broken = card(suggestions=[suggestion(actions=[bare])])
    assert of_card(broken) == [("cds-resp-5", "cards[0].suggestions[0]")]
    assert check_response({"cards": [], "systemActions": [bare]}) == []


def test_cds_resp_6_suggestions_say_how_to_choose():
    assert of_card(card(selectionBehavior=None)) == [("cds-resp-6", "cards[0]")]
    assert of_card(card(selectionBehavior=None, suggestions=None)) == []


def test_cds_resp_7_how_actions_are_chosen_is_one_of_three():
    for known in ("all", "any", "at-most-one"):
        assert of_card(card(suggestions=[suggestion(actionSelectionBehavior=known)])) == []
    broken = card(suggestions=[suggestion(actionSelectionBehavior="some")])
    assert of_card(broken) == [("cds-resp-7", "cards[0].suggestions[0]")]


def test_cds_fb_1_an_outcome_is_one_of_two():
    assert of_entry(told()) == []
    assert of_entry(overridden()) == []
    assert of_entry(told(outcome="ignored")) == [("cds-fb-1", "feedback[0]")]


def test_cds_fb_2_what_was_accepted_is_named():
    assert of_entry(told(acceptedSuggestions=None)) == [("cds-fb-2", "feedback[0]")]
    assert of_entry(overridden(acceptedSuggestions=None)) == []


def test_cds_fb_3_a_reason_is_a_code_or_words():
    assert of_entry(overridden(overrideReason={"userComment": "so"})) == []
    broken = overridden(overrideReason={"extension": {"com.example": 1}})
    assert of_entry(broken) == [("cds-fb-3", "feedback[0].overrideReason")]


@pytest.mark.parametrize("hook", CONTEXTS)
def test_a_right_call_of_every_hook_breaks_nothing(hook):
    assert of_request(call(hook)) == []


def test_fields_of_the_ballot_and_unknown_ones_are_accepted():
    dispatched = {"order": None, "dispatchedOrders": ["ServiceRequest/s1"], "fulfillmentTasks": [], "new": 1}
    assert of_request(call("order-dispatch", context=dispatched)) == []
    assert of_request(call(hook="patient-view", extension={"com.example": {"a": 1}}, more=[1])) == []
    assert of_request({**call(), "hook": "com.example-own-hook", "context": {"anything": 1}}) == []
    assert of_card(card(extension={"com.example": 1}, later="x")) == []


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (call(hookInstance=None), ("required:hookInstance", "hookInstance")),
        (call(hookInstance="1"), ("form:hookInstance", "hookInstance")),
        ({**call(), "hook": {"a": 1}}, ("form:hook", "hook")),
        ({**call(), "context": []}, ("required:context", "context")),
        ({**call(), "context": "x"}, ("form:context", "context")),
        (call(context={"patientId": "Patient/p1"}), ("form:patientId", "context.patientId")),
        (call(context={"patientId": {"a": 1}}), ("form:patientId", "context.patientId")),
        (call(context={"userId": "dr1"}), ("form:userId", "context.userId")),
        (call(context={"userId": "Organization/o1"}), ("form:userId", "context.userId")),
        (call(context={"userId": "Practitioner/../x"}), ("form:userId", "context.userId")),
        (call(context={"encounterId": "Encounter/e1"}), ("form:encounterId", "context.encounterId")),
        (
            call("encounter-start", context={"encounterId": None}),
            ("required:encounterId", "context.encounterId"),
        ),
        (call("order-sign", context={"draftOrders": None}), ("required:draftOrders", "context.draftOrders")),
        (call("order-sign", context={"draftOrders": [order()]}), ("form:draftOrders", "context.draftOrders")),
        (
            call("order-sign", context={"draftOrders": {"resourceType": "Bundle", "entry": [{}]}}),
            ("form:draftOrders", "context.draftOrders"),
        ),
        (
            call("order-select", context={"selections": ["MedicationRequest/o2"]}),
            ("form:selections", "context.selections[0]"),
        ),
        (
            call("order-select", context={"selections": "MedicationRequest/o1"}),
            ("form:selections", "context.selections"),
        ),
        (
            call("order-dispatch", context={"order": None}),
            ("required:dispatchedOrders", "context"),
        ),
        (call(fhirServer="ehr.example.org"), ("form:fhirServer", "fhirServer")),
        (call(fhirServer="file:///etc/passwd"), ("form:fhirServer", "fhirServer")),
        (call(fhirServer="https://[::1"), ("form:fhirServer", "fhirServer")),
        (call(fhirAuthorization="abc"), ("form:fhirAuthorization", "fhirAuthorization")),
        (
            call(fhirAuthorization={**AUTHORIZATION, "token_type": ["Bearer"]}),
            ("code:token_type", "fhirAuthorization.token_type"),
        ),
        (
            call(fhirAuthorization={**AUTHORIZATION, "access_token": "a\r\nX: b"}),
            ("form:access_token", "fhirAuthorization.access_token"),
        ),
        (
            call(fhirAuthorization={**AUTHORIZATION, "expires_in": "300"}),
            ("form:expires_in", "fhirAuthorization.expires_in"),
        ),
        (call(prefetch={"patient": {"resource": {}}}), ("form:prefetch", "prefetch.patient")),
        (call(prefetch=[1]), ("form:prefetch", "prefetch")),
    ],
)
def test_a_call_that_is_not_as_the_specification_has_it(document, expected):
    assert of_request(document) == [expected]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (card(summary="x" * 140), ("form:summary", "cards[0].summary")),
        (card(summary=None), ("required:summary", "cards[0].summary")),
        (card(indicator="hard-stop"), ("code:indicator", "cards[0].indicator")),
        (card(indicator=["info"]), ("code:indicator", "cards[0].indicator")),
        (card(source={}), ("required:source", "cards[0].source")),
        (card(source={"label": "x", "url": "www.example.org"}), ("form:url", "cards[0].source.url")),
        (card(uuid="1"), ("form:uuid", "cards[0].uuid")),
        (card(detail=""), ("empty:detail", "cards[0].detail")),
        (card(links=[]), ("empty:links", "cards[0].links")),
        (card(links={"label": "x"}), ("form:links", "cards[0].links")),
        (card(links=[link(type=None)]), ("required:type", "cards[0].links[0].type")),
        (card(selectionBehavior="all"), ("code:selectionBehavior", "cards[0].selectionBehavior")),
        (card(suggestions=["x"]), ("form:suggestions", "cards[0].suggestions[0]")),
        ("x", ("form:cards", "cards[0]")),
    ],
)
def test_a_card_that_is_not_as_the_specification_has_it(document, expected):
    assert of_card(document) == [expected]


def test_an_action_that_writes_brings_the_resource():
    broken = card(suggestions=[suggestion(actions=[action(type="create", resourceId=None)])])
    assert of_card(broken) == [("required:resource", "cards[0].suggestions[0].actions[0]")]


def test_no_cards_is_an_answer_and_no_list_of_them_is_none():
    assert check_response({"cards": []}) == []
    assert check_response({}) == [Violation("required:cards", "cards")]
    assert check_services({"services": []}) == []
    assert check_services({"services": [{"hook": "x", "id": "y"}]}) == [
        Violation("required:description", "services[0].description")
    ]
    assert check_feedback({"feedback": []}) == []
    assert check_feedback({"feedback": {}}) == [Violation("required:feedback", "feedback")]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (told(card="x"), ("form:card", "feedback[0].card")),
        (told(acceptedSuggestions=[{"id": "x"}]), ("form:id", "feedback[0].acceptedSuggestions[0].id")),
        (told(outcomeTimestamp="yesterday"), ("form:outcomeTimestamp", "feedback[0].outcomeTimestamp")),
        (
            told(outcomeTimestamp="2026-05-01T10:05:31"),
            ("form:outcomeTimestamp", "feedback[0].outcomeTimestamp"),
        ),
        (
            told(outcomeTimestamp="2026-13-01T10:05:31Z"),
            ("form:outcomeTimestamp", "feedback[0].outcomeTimestamp"),
        ),
    ],
)
def test_feedback_that_is_not_as_the_specification_has_it(entry, expected):
    assert of_entry(entry) == [expected]


def test_a_draft_may_have_a_longer_id_than_fhir_allows():
    key = "e" * 250
    context = {"selections": [f"MedicationRequest/{key}"], "draftOrders": drafts(order(key))}
    assert of_request(call("order-select", context=context)) == []


# The published examples, with the reason for each violation that is expected.
EXPECTED = {
    "request-order-select-bad": {
        ("form:patientId", "context.patientId"),  # a reference where an id belongs
        ("form:encounterId", "context.encounterId"),  # the same
        ("ord-1", "context.selections[0]"),  # an id where a reference belongs
        ("form:prefetch", "prefetch.item1"),  # an entry of a Bundle where its resource belongs
    },
    "request-order-select-good": set(),
    "request-order-sign-good": set(),
    "request-patient-view-good": set(),
    "response-empty-source": {
        ("required:source", "cards[0].source"),  # empty, and its label is required
        ("required:type", "cards[0].links[0].type"),  # 1..1 in the logical model
    },
    "response-empty": set(),  # no guidance
    "response-link": set(),  # the link is the source's own
    "response-no-link": set(),  # links are optional
    "response-source-link": {
        ("form:summary", "cards[0].summary"),  # 168 characters
        ("required:type", "cards[0].links[0].type"),  # 1..1 in the logical model
    },
    "response-two-cards": set(),
    "services-order-select-extensions": set(),  # what an extension holds is its definer's concern
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_published_examples_are_judged_as_the_specification_has_it(name):
    file = PUBLISHED / f"cdshooks-{name}.json"
    if not file.is_file():
        pytest.skip("the published examples are not here: ../shared/data/cds_hooks")
    check = {"request": check_request, "response": check_response, "services": check_services}
    found = check[name.partition("-")[0]](json.loads(file.read_text("utf-8")))
    assert {(each.rule, each.path) for each in found} == EXPECTED[name]


def test_every_published_example_is_judged():
    if not PUBLISHED.is_dir():
        pytest.skip("the published examples are not here: ../shared/data/cds_hooks")
    assert {file.stem.removeprefix("cdshooks-") for file in PUBLISHED.glob("*.json")} == set(EXPECTED)
