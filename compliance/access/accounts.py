"""Demo accounts: one for each role, with random passwords that are shown once."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from audit.domain import Event, Outcome
from audit.services import append
from compliance.access.domain import Role
from compliance.access.models import Account, CareRelationship, EhrUser

# The fixed cast of demo and tests: alma treats every demo patient, carla treats none.
DEMO_ACCOUNTS = {
    "alma": Role.CLINICIAN,
    "carla": Role.CLINICIAN,
    "ravi": Role.REVIEWER,
    "olga": Role.COMPLIANCE_OFFICER,
    "ada": Role.ADMINISTRATOR,
}
TREATING_CLINICIAN = "alma"


@dataclass(frozen=True)
class Credentials:
    """A new account's password, to be shown once and never stored in the clear."""

    username: str
    role: Role
    password: str


@transaction.atomic
def ensure_demo_accounts(patient_ids: Iterable[str], *, ehr: str = "demo-ehr") -> None:
    """Make the demo accounts that are missing, without passwords, and let alma treat the patients.

    The demo EHR's two doctors are alma and carla here, too.
    """
    for username, role in DEMO_ACCOUNTS.items():
        if not Account.objects.filter(username=username).exists():
            Account.objects.create_user(username, role=role)
    treating = Account.objects.get(username=TREATING_CLINICIAN)
    for patient_id in patient_ids:
        CareRelationship.objects.get_or_create(clinician=treating, patient_id=patient_id)
    for doctor in Account.objects.filter(username__in=DEMO_ACCOUNTS, role=Role.CLINICIAN):
        EhrUser.objects.get_or_create(
            ehr=ehr, reference=f"Practitioner/{doctor.username}", defaults={"account": doctor}
        )


@transaction.atomic
def give_demo_passwords(*, renew: bool = False) -> list[Credentials]:
    """Give a random password to each demo account that has none (to all of them with `renew`); return these."""
    accounts = Account.objects.filter(username__in=DEMO_ACCOUNTS).order_by("id")
    return [_with_new_password(each) for each in accounts if renew or not each.has_usable_password()]


def _with_new_password(account: Account) -> Credentials:
    password = secrets.token_urlsafe(12)
    account.set_password(password)
    account.save()
    append(
        Event(action="credentials-set", outcome=Outcome.SUCCESS, actor=account.username, role=account.role)
    )
    return Credentials(account.username, Role(account.role), password)
