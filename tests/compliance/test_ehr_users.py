from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.services import BEGINNING_OF_TIME, recorded_since
from compliance.access.domain import Action, Purpose
from compliance.access.ehr_users import account_of_ehr_user, take_into_care
from compliance.access.models import Account
from compliance.access.services import authorize, authorize_for_ehr
from compliance.errors import AccessDenied, NoCareRelationship

pytestmark = pytest.mark.django_db


def test_the_same_user_of_an_ehr_is_the_same_account_and_has_no_password():
    account = account_of_ehr_user("st-mary", "Practitioner/17")
    assert account_of_ehr_user("st-mary", "Practitioner/17") == account
    assert account_of_ehr_user("other", "Practitioner/17") != account
    assert not account.has_usable_password()


@pytest.mark.parametrize(
    "reference", ["Patient/1", "Person/1", "RelatedPerson/1", "Practitioner/", "", "Practitioner/1/x"]
)
def test_who_is_no_practitioner_gets_no_account_and_the_refusal_is_recorded(reference):
    with pytest.raises(AccessDenied):
        account_of_ehr_user("st-mary", reference)
    assert not Account.objects.exists()
    assert [row.event.reason for row in recorded_since(BEGINNING_OF_TIME)] == ["not-a-clinician-of-the-ehr"]


def test_a_disabled_account_stays_disabled():
    account = account_of_ehr_user("st-mary", "Practitioner/17")
    Account.objects.filter(pk=account.pk).update(is_active=False)
    with pytest.raises(AccessDenied):
        account_of_ehr_user("st-mary", "Practitioner/17")


def test_a_patient_whom_the_ehr_opened_is_in_care_until_the_launch_ends():
    account = account_of_ehr_user("st-mary", "Practitioner/17")
    take_into_care(account, "p1", until=timezone.now() + timedelta(hours=1))
    asked: Any = {"patient_id": "p1", "purpose": Purpose.TREATMENT, "action": Action.ASK}
    assert authorize(account.actor, **asked).patient_id == "p1"
    account.care_relationships.update(ends_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NoCareRelationship):
        authorize(account.actor, **asked)


def test_a_relation_without_an_end_does_not_get_one(cast):
    take_into_care(cast["alma"], "af-ckd", until=timezone.now())
    assert cast["alma"].care_relationships.get(patient_id="af-ckd").ends_at is None


def test_a_grant_on_an_ehr_s_word_says_which_ehr(cast):
    grant = authorize_for_ehr(
        cast["carla"].actor,
        patient_id="p1",
        purpose=Purpose.TREATMENT,
        action=Action.DECISION_SUPPORT,
        ehr="st-mary",
    )
    assert grant.patient_id == "p1"
    event = [row.event for row in recorded_since(BEGINNING_OF_TIME)][-1]
    assert (event.action, event.patient_id, event.detail) == ("decision-support", "p1", {"ehr": "st-mary"})


def test_no_word_of_an_ehr_lets_another_role_in(cast):
    with pytest.raises(AccessDenied):
        authorize_for_ehr(
            cast["olga"].actor,
            patient_id="p1",
            purpose=Purpose.TREATMENT,
            action=Action.DECISION_SUPPORT,
            ehr="st-mary",
        )
