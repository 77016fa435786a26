"""No PHI without a grant, and no grant without an audit event."""

import itertools
from datetime import UTC, datetime

import pytest

from audit.domain import Outcome, RecordedEvent
from audit.errors import AuditUnavailable
from audit.services import recorded_since
from compliance.access import services
from compliance.access.domain import AccessGrant, Action, Actor, Purpose, Role
from compliance.access.models import Account
from compliance.access.services import authorize, authorize_patients_in_care, authorize_use
from compliance.errors import AccessDenied, NoCareRelationship

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
Cast = dict[str, Account]


def recorded() -> list[RecordedEvent]:
    return list(recorded_since(EPOCH))


def test_a_treating_clinician_gets_a_grant_that_names_its_event(cast: Cast) -> None:
    grant = authorize(cast["alma"].actor, patient_id="af-ckd", purpose=Purpose.TREATMENT, action=Action.ASK)
    [event] = recorded()
    assert (grant.patient_id, grant.event_id) == ("af-ckd", event.id)
    assert (event.event.actor, event.event.patient_id, event.event.purpose) == ("alma", "af-ckd", "TREAT")
    assert event.event.outcome is Outcome.SUCCESS


ALLOWED = {("clinician", Purpose.TREATMENT, Action.ASK)}


@pytest.mark.parametrize(
    ("role", "purpose", "action"),
    list(itertools.product([role.value for role in Role], Purpose, [Action.ASK, Action.EXPORT_AUDIT])),
)
def test_what_is_not_listed_is_denied(cast: Cast, role: str, purpose: Purpose, action: Action) -> None:
    actor = Actor(username="alma", role=Role(role))
    if (role, purpose, action) in ALLOWED:
        assert isinstance(authorize(actor, patient_id="af-ckd", purpose=purpose, action=action), AccessGrant)
        return
    with pytest.raises(AccessDenied):
        authorize(actor, patient_id="af-ckd", purpose=purpose, action=action)
    assert [(row.event.outcome, row.event.reason) for row in recorded()] == [
        (Outcome.DENIED, "role-not-allowed")
    ]


def test_a_clinician_without_care_relationship_is_denied_and_recorded(cast: Cast) -> None:
    with pytest.raises(NoCareRelationship):
        authorize(cast["carla"].actor, patient_id="af-ckd", purpose=Purpose.TREATMENT, action=Action.ASK)
    [row] = recorded()
    assert (row.event.actor, row.event.patient_id, row.event.outcome) == ("carla", "af-ckd", Outcome.DENIED)


def test_an_id_that_is_nobodys_is_not_written_down(cast: Cast) -> None:
    with pytest.raises(NoCareRelationship):
        authorize(
            cast["alma"].actor, patient_id="Jane Roe, 555-1234", purpose=Purpose.TREATMENT, action=Action.ASK
        )
    assert [row.event.patient_id for row in recorded()] == [""]


def test_a_disabled_clinician_treats_nobody(cast: Cast) -> None:
    cast["alma"].is_active = False
    cast["alma"].save()
    with pytest.raises(NoCareRelationship):
        authorize(cast["alma"].actor, patient_id="af-ckd", purpose=Purpose.TREATMENT, action=Action.ASK)


def test_without_an_audit_event_there_is_no_grant(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def unwritable(_event: object) -> None:
        raise AuditUnavailable("disk full")

    monkeypatch.setattr(services, "append", unwritable)
    with pytest.raises(AuditUnavailable):
        authorize(cast["alma"].actor, patient_id="af-ckd", purpose=Purpose.TREATMENT, action=Action.ASK)


def test_listing_patients_records_each_of_them(cast: Cast) -> None:
    grants = authorize_patients_in_care(cast["alma"].actor, purpose=Purpose.TREATMENT)
    assert [grant.patient_id for grant in grants] == [row.event.patient_id for row in recorded()]
    assert len(grants) == 8
    assert [grant.event_id for grant in grants] == [row.id for row in recorded()]


def test_a_reviewer_may_not_list_patients(cast: Cast) -> None:
    with pytest.raises(AccessDenied):
        authorize_patients_in_care(cast["ravi"].actor, purpose=Purpose.TREATMENT)
    assert [row.event.outcome for row in recorded()] == [Outcome.DENIED]


def test_a_clinician_without_patients_lists_none(cast: Cast) -> None:
    assert authorize_patients_in_care(cast["carla"].actor, purpose=Purpose.TREATMENT) == ()


@pytest.mark.parametrize(
    ("username", "action", "is_allowed"),
    [
        ("ravi", Action.REVIEW_LITERATURE, True),
        ("alma", Action.REVIEW_LITERATURE, True),
        ("olga", Action.REVIEW_LITERATURE, False),
        ("olga", Action.EXPORT_AUDIT, True),
        ("ada", Action.EXPORT_AUDIT, False),
        ("alma", Action.EXPORT_AUDIT, False),
        ("olga", Action.ASK, False),
    ],
)
def test_uses_without_a_patient_go_by_role(
    cast: Cast, username: str, action: Action, is_allowed: bool
) -> None:
    if is_allowed:
        authorize_use(cast[username].actor, action=action)
    else:
        with pytest.raises(AccessDenied):
            authorize_use(cast[username].actor, action=action)
    assert [row.event.outcome for row in recorded()] == [Outcome.SUCCESS if is_allowed else Outcome.DENIED]
