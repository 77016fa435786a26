"""Who treats whom, as an administrator enters it where no EHR says it."""

from datetime import datetime

from django.db import transaction

from compliance.access.domain import Action, Actor, Role
from compliance.access.models import Account, CareRelationship
from compliance.access.services import recorded_use
from compliance.errors import AccessDenied


def give_care(actor: Actor, clinician: str, patient_id: str, *, until: datetime | None) -> None:
    """Note that a clinician treats a patient, until a day or for good. Raises: AccessDenied, AuditUnavailable."""
    with recorded_use(actor, action=Action.CHANGE_CARE, about=patient_id), transaction.atomic():
        CareRelationship.objects.update_or_create(
            clinician=_clinician(clinician), patient_id=patient_id, defaults={"ends_at": until}
        )


def care_of(actor: Actor, clinician: str) -> list[str]:
    """Return the ids of the patients whom a clinician treats. Raises: AccessDenied, AuditUnavailable."""
    with recorded_use(actor, action=Action.CHANGE_CARE):
        rows = CareRelationship.objects.filter(clinician=_clinician(clinician)).order_by("patient_id")
        return list(rows.values_list("patient_id", flat=True))


def _clinician(name: str) -> Account:
    account = Account.objects.filter(username=name, role=Role.CLINICIAN, is_active=True).first()
    if account is None:
        raise AccessDenied("There is no active clinician of this name: only clinicians treat patients")
    return account
