"""Who treats whom, as an administrator enters it where no EHR says it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from compliance.access.domain import Action, Actor, Role
from compliance.access.models import Account, CareRelationship
from compliance.access.services import recorded_use
from compliance.errors import AccessDenied


@dataclass(frozen=True)
class Care:
    """A clinician's name, the id of a patient whom they treat, and until when; None is for good."""

    clinician: str
    patient_id: str
    ends_at: datetime | None


def give_care(actor: Actor, clinician: str, patient_id: str, *, until: datetime | None) -> None:
    """Note that a clinician treats a patient, until a day or for good. Raises: AccessDenied, AuditUnavailable."""
    with recorded_use(actor, action=Action.CHANGE_CARE, about=patient_id), transaction.atomic():
        CareRelationship.objects.update_or_create(
            clinician=_clinician(clinician), patient_id=patient_id, defaults={"ends_at": until}
        )


def end_care(actor: Actor, clinician: str, patient_id: str) -> None:
    """Note that a clinician treats a patient no more. Raises: AccessDenied, AuditUnavailable."""
    with recorded_use(actor, action=Action.CHANGE_CARE, about=patient_id), transaction.atomic():
        held = CareRelationship.objects.current().filter(
            clinician=_clinician(clinician), patient_id=patient_id
        )
        held.update(ends_at=timezone.now())


def current_care(actor: Actor, *, clinician: str = "") -> list[Care]:
    """Return who treats whom now, of one clinician or of all. Raises: AccessDenied, AuditUnavailable."""
    with recorded_use(actor, action=Action.CHANGE_CARE):
        rows = CareRelationship.objects.current()
        rows = rows.filter(clinician=_clinician(clinician)) if clinician else rows
        found = rows.order_by("clinician__username", "patient_id")
        return [Care(*row) for row in found.values_list("clinician__username", "patient_id", "ends_at")]


def _clinician(name: str) -> Account:
    account = Account.objects.filter(username=name, role=Role.CLINICIAN, is_active=True).first()
    if account is None:
        raise AccessDenied("There is no active clinician of this name: only clinicians treat patients")
    return account
