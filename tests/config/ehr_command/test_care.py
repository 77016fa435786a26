"""`manage.py ehr care`: who treats whom, where no launch says it."""

import pytest
from django.core.management import CommandError, call_command

from audit.services import BEGINNING_OF_TIME, recorded_since
from compliance.access.domain import Action, Purpose
from compliance.access.models import Account, CareRelationship
from compliance.access.services import authorize
from compliance.errors import NoCareRelationship
from tests.config.running import run, run_json

pytestmark = pytest.mark.django_db

CARLA = ["--clinician", "carla", "--patient", "af-ckd"]


@pytest.fixture(autouse=True)
def accounts(cast):
    """The demo's: alma treats every patient, carla none."""


def ask_as_carla():
    actor = Account.objects.get(username="carla").actor
    return authorize(actor, patient_id="af-ckd", purpose=Purpose.TREATMENT, action=Action.ASK)


def test_who_treats_a_patient_may_ask_until_it_is_taken_back():
    with pytest.raises(NoCareRelationship):
        ask_as_carla()
    assert run_json("ehr", "care", *CARLA)["care"] == [
        {"clinician": "carla", "patient": "af-ckd", "until": None}
    ]
    assert ask_as_carla().patient_id == "af-ckd"
    assert run_json("ehr", "care", *CARLA, "--end")["care"] == []
    with pytest.raises(NoCareRelationship):
        ask_as_carla()


def test_it_is_recorded_with_who_says_it():
    run("ehr", "care", *CARLA)
    events = [row.event for row in recorded_since(BEGINNING_OF_TIME)]
    assert {(event.action, event.actor) for event in events} == {("change-care", "ada")}


def test_all_who_treat_somebody_are_listed_with_the_end_of_it():
    run("ehr", "care", *CARLA, "--until", "2999-01-01")
    rows = run_json("ehr", "care", "--list")["care"]
    assert {row["clinician"] for row in rows} == {"alma", "carla"}
    (carlas,) = [row for row in rows if row["clinician"] == "carla"]
    assert carlas["until"].startswith("2999-01-01")
    assert run("ehr", "care", "--list", "--clinician", "carla").startswith("carla  af-ckd  until 2999")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "--list"),
        ([*CARLA, "--list"], "--list"),
        (["--patient", "af-ckd"], "--clinician"),
        ([*CARLA, "--until", "2001-01-01"], "--end"),
        (["--clinician", "carla", "--patient", "../x"], "FHIR id"),
        (["--clinician", "olga", "--patient", "af-ckd"], "clinician"),
        (["--clinician", "nobody", "--list"], "clinician"),
        ([*CARLA, "--as", "alma"], "may not"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(arguments, named):
    with pytest.raises(CommandError, match=named):
        call_command("ehr", "care", *arguments)
    assert not CareRelationship.objects.exclude(clinician__username="alma").exists()
