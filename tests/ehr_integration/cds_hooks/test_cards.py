import pytest

from ehr_integration.cds_hooks.cards import (
    Card,
    Coding,
    Indicator,
    Link,
    Service,
    Suggestion,
    discovery_document,
    response_document,
)
from ehr_integration.cds_hooks.errors import CardInvalid
from ehr_integration.cds_hooks.invariants import check_response, check_services
from ehr_integration.cds_hooks.prefetch import templates
from tests.ehr_integration.chart.record import EVERYTHING

REASON = Coding(system="urn:reasons", code="known", display="Known")


def card(**changes):
    usual = {
        "summary": "Warfarin with ibuprofen: bleeding",
        "detail": "**Why**",
        "indicator": Indicator.WARNING,
        "source_label": "A guideline",
        "source_url": "https://example.org/guideline",
        "topic": Coding(system="urn:topics", code="interaction", display="Interaction"),
    }
    return Card(**{**usual, **changes})


def test_cards_of_ours_are_as_the_specification_has_them():
    full = card(
        suggestions=(Suggestion(label="Remove the draft", removes=("MedicationRequest/o1",)),),
        override_reasons=(REASON,),
        links=(
            Link(label="Ask", url="https://tacit.example.org/smart/launch", app_context='{"question":"x"}'),
            Link(label="Read", url="https://example.org"),
        ),
    )
    document = response_document([full, card(source_url="")])
    assert check_response(document) == []
    first, second = document["cards"]
    assert first["suggestions"][0]["actions"] == [
        {"type": "delete", "description": "Remove the draft", "resourceId": "MedicationRequest/o1"}
    ]
    assert [link["type"] for link in first["links"]] == ["smart", "absolute"]
    assert second.keys() == {"uuid", "summary", "detail", "indicator", "source"}
    assert first["uuid"] != second["uuid"]
    assert response_document([]) == {"cards": []}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"summary": "x" * 140}, "form:summary"),
        ({"summary": ""}, "required:summary"),
        ({"detail": ""}, "empty:detail"),
        ({"source_label": ""}, "required:label"),
        ({"source_url": "guideline.html"}, "form:url"),
        ({"override_reasons": (Coding(system="urn:x", code="x", display=""),)}, "form:overrideReasons"),
        ({"links": (Link(label="", url="https://example.org"),)}, "required:label"),
        ({"suggestions": (Suggestion(label="x", removes=("o1",)),)}, "form:resourceId"),
        ({"uuid": "1"}, "form:uuid"),
    ],
)
def test_a_card_that_breaks_a_rule_cannot_be_made(changes, rule):
    with pytest.raises(CardInvalid) as caught:
        card(**changes)
    assert caught.value.rule_id == rule


def test_services_are_told_as_the_specification_has_it():
    service = Service(
        id="tacit-orders",
        hook="order-sign",
        title="Orders",
        description="Looks",
        prefetch=templates(EVERYTHING),
    )
    document = discovery_document([service])
    assert check_services(document) == []
    assert document["services"][0]["prefetch"]["patient"] == "Patient/{{context.patientId}}"
    with pytest.raises(CardInvalid):
        Service(id="", hook="order-sign", title="Orders", description="Looks", prefetch={})
