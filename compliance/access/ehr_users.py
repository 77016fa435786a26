"""Users whom a registered EHR vouches for: their accounts here, and the patients that it has opened for them."""

import re
from datetime import datetime

from django.db import transaction

from audit.domain import Event, Outcome
from audit.services import append
from compliance.access.domain import Role
from compliance.access.models import Account, CareRelationship, EhrUser
from compliance.errors import AccessDenied

# Who treats patients; a patient or a relative who signs in to the EHR is no clinician. Source: SMART App Launch 2.2, fhirUser.
CLINICIAN = re.compile(r"(?:Practitioner|PractitionerRole)/[A-Za-z0-9\-.]{1,64}")


def account_of_ehr_user(ehr: str, reference: str) -> Account:
    """Return the account of an EHR's user ("Practitioner/17"), made on first sight as a clinician without password.

    Raises: AccessDenied, for who is no practitioner and for an account that was disabled (recorded first).
    """
    if CLINICIAN.fullmatch(reference) is None:
        _deny(ehr, actor="unknown", role="")
    with transaction.atomic():
        known = EhrUser.objects.select_related("account").filter(ehr=ehr, reference=reference).first()
        account = known.account if known else _new_account(ehr, reference)
    if not account.is_active:
        _deny(ehr, actor=account.username, role=account.role)
    return account


def _new_account(ehr: str, reference: str) -> Account:
    name = f"{ehr}:{reference}"
    account = Account.objects.create_user(
        name, role=Role.CLINICIAN
    )  # without a password nobody signs in with one
    EhrUser.objects.create(ehr=ehr, reference=reference, account=account)
    append(
        Event(
            action="change-roles",
            outcome=Outcome.SUCCESS,
            actor=account.username,
            role=account.role,
            detail={"ehr": ehr},
        )
    )
    return account


def _deny(ehr: str, *, actor: str, role: str) -> None:
    append(
        Event(
            action="sign-in",
            outcome=Outcome.DENIED,
            actor=actor,
            role=role,
            reason="not-a-clinician-of-the-ehr",
            detail={"ehr": ehr},
        )
    )
    raise AccessDenied("The EHR's user is not a practitioner, or the account here was disabled")


def take_into_care(account: Account, patient_id: str, *, until: datetime) -> None:
    """Note that an EHR has opened the patient for its user; a relation that has no end stays as it is."""
    relation, _ = CareRelationship.objects.get_or_create(
        clinician=account, patient_id=patient_id, defaults={"ends_at": until}
    )
    if relation.ends_at is not None and relation.ends_at < until:
        relation.ends_at = until
        relation.save(update_fields=["ends_at"])
