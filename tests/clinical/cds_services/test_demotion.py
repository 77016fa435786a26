import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.services import BEGINNING_OF_TIME, recorded_since
from clinical.cds_services import demotion
from clinical.cds_services.demotion import State, decide, forget_standings, indicator_of, judge
from clinical.cds_services.figures import Figures
from clinical.cds_services.models import CardFeedback, RuleStanding, ShownCard
from compliance.errors import AccessDenied
from ehr_integration.cds_hooks.cards import Indicator
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
WARNING = ("interaction-warfarin-nsaid", "2")
CRITICAL = ("allergy-penicillin-class", "1")


@pytest.fixture(autouse=True)
def fresh():
    forget_standings()
    yield
    forget_standings()


def told(rule, *, overridden, accepted=0, days_ago=1):
    at = timezone.now() - timedelta(days=days_ago)
    for number in range(overridden + accepted):
        card = ShownCard.objects.create(
            card=uuid.uuid4(),
            ehr="st-mary",
            service="tacit-order-sign",
            rule_id=rule[0],
            rule_version=rule[1],
            indicator="warning",
            shown_at=at,
        )
        outcome = "overridden" if number < overridden else "accepted"
        CardFeedback.objects.create(card=card, outcome=outcome, outcome_at=at, received_at=at)
    judge([rule])


def test_a_card_that_is_overridden_too_often_loses_urgency():
    told(WARNING, overridden=29)
    assert indicator_of(*WARNING, Indicator.WARNING) is Indicator.WARNING
    told(WARNING, overridden=5)
    assert indicator_of(*WARNING, Indicator.WARNING) is Indicator.INFO
    assert indicator_of(*WARNING, Indicator.INFO) is None
    assert indicator_of(WARNING[0], "3", Indicator.WARNING) is Indicator.WARNING


@pytest.mark.parametrize(("overridden", "accepted"), [(29, 0), (30, 6), (40, 10), (0, 40)])
def test_too_few_or_not_so_often_is_left_alone(overridden, accepted):
    told(WARNING, overridden=overridden, accepted=accepted)
    assert not RuleStanding.objects.exists()


def test_what_is_old_does_not_count():
    told(WARNING, overridden=60, days_ago=91)
    assert not RuleStanding.objects.exists()


def test_a_critical_card_is_flagged_and_stays_as_it_is():
    told(CRITICAL, overridden=60)
    assert RuleStanding.objects.get().state == State.FLAGGED
    assert indicator_of(*CRITICAL, Indicator.CRITICAL) is Indicator.CRITICAL


def test_a_person_s_decision_holds_whatever_the_figures_say(cast):
    told(WARNING, overridden=60)
    decide(cast["olga"].actor, rule_id=WARNING[0], version=WARNING[1], state=State.NORMAL)
    told(WARNING, overridden=60)
    assert indicator_of(*WARNING, Indicator.WARNING) is Indicator.WARNING
    RuleStanding.objects.update(reviewed_at=timezone.now() - demotion.PERIOD - timedelta(days=1))
    judge([WARNING])
    assert indicator_of(*WARNING, Indicator.WARNING) is Indicator.INFO


def test_a_decision_is_recorded_and_is_not_everybody_s(cast):
    decide(cast["olga"].actor, rule_id=WARNING[0], version=WARNING[1], state=State.DEMOTED)
    event = [row.event for row in recorded_since(BEGINNING_OF_TIME)][-1]
    assert (event.action, event.actor, event.detail["rules"]) == (
        "change-rule",
        "olga",
        ["interaction-warfarin-nsaid 2"],
    )
    with pytest.raises(AccessDenied):
        decide(cast["alma"].actor, rule_id=WARNING[0], version=WARNING[1], state=State.NORMAL)


@pytest.mark.parametrize(
    ("overridden", "accepted", "low", "high"),
    [(30, 0, 0.886, 1.0), (27, 3, 0.744, 0.965), (1, 1, 0.095, 0.905)],
)
def test_the_interval_is_wilson_s(overridden, accepted, low, high):
    interval = Figures(shown=100, overridden=overridden, accepted=accepted).override_interval
    assert interval == pytest.approx((low, high), abs=0.001)


def test_the_officer_sees_the_figures_and_restores_a_rule(cast):
    told(WARNING, overridden=60, accepted=2)
    client = Client()
    client.login(username="olga", password=PASSWORD)
    page = client.get("/cds/rules").content.decode()
    assert "demoted" in page
    response = client.post(
        "/cds/rules/decide", {"rule": WARNING[0], "version": WARNING[1], "state": "normal"}
    )
    assert response.status_code == 302
    assert RuleStanding.objects.get().state == "normal"
    rows = {row["rule_id"]: row for row in client.get("/api/v1/cds-rules").json()}
    assert (rows[WARNING[0]]["shown"], rows[WARNING[0]]["accepted"], rows[WARNING[0]]["overridden"]) == (
        62,
        2,
        60,
    )


@pytest.mark.parametrize("username", ["alma", "ravi"])
def test_others_do_not_see_the_figures(cast, username):
    client = Client()
    client.login(username=username, password=PASSWORD)
    assert client.get("/cds/rules").status_code == 403
    assert client.get("/api/v1/cds-rules").status_code == 403
    assert (
        client.post("/cds/rules/decide", {"rule": WARNING[0], "version": "1", "state": "normal"}).status_code
        == 403
    )


def test_an_unknown_rule_or_state_is_not_found(cast):
    client = Client()
    client.login(username="olga", password=PASSWORD)
    assert (
        client.post("/cds/rules/decide", {"rule": "x", "version": "1", "state": "normal"}).status_code == 404
    )
    assert (
        client.post("/cds/rules/decide", {"rule": WARNING[0], "version": "1", "state": "x"}).status_code
        == 404
    )
