"""Accounts, and which clinician cares for whom."""

from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from compliance.access.domain import Actor, Role


class Account(AbstractUser):
    """A person who signs in. One role each; nobody shares an account (45 CFR 164.312(a)(2)(i))."""

    role = models.CharField(max_length=40, choices=[(role.value, role.value) for role in Role])

    class Meta(AbstractUser.Meta):
        constraints = (
            models.CheckConstraint(
                name="account_role_is_known", condition=models.Q(role__in=[role.value for role in Role])
            ),
        )

    @property
    def actor(self) -> Actor:
        """The account as the rules see it."""
        return Actor(username=self.username, role=Role(self.role))


class EhrUser(models.Model):
    """Which account a user of a registered EHR is: one each, by the EHR's own reference ("Practitioner/17")."""

    ehr = models.CharField(max_length=40)
    reference = models.CharField(max_length=100)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="ehr_users")

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_account_each_ehr_user", fields=("ehr", "reference")),
        )

    def __str__(self) -> str:
        return f"{self.reference} of {self.ehr}"


class CareQuerySet(models.QuerySet["CareRelationship"]):
    """Relations between clinicians and patients."""

    def current(self) -> Self:
        """Return those that have not ended."""
        return self.filter(models.Q(ends_at=None) | models.Q(ends_at__gt=timezone.now()))


class CareRelationship(models.Model):
    """A clinician treats a patient; the patient is known by the EHR's id alone.

    One that an EHR vouched for by a launch ends at `ends_at`; one without an end was entered here.
    """

    clinician = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="care_relationships")
    patient_id = models.CharField(max_length=64)
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = CareQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_care_relationship_each", fields=("clinician", "patient_id")),
        )

    def __str__(self) -> str:
        return f"{self.clinician_id} treats {self.patient_id}"


def signed_in_actor(user: object) -> Actor:
    """Return the actor behind a request's user, which the login middleware has made sure is an account."""
    if not isinstance(user, Account):
        raise TypeError("views behind the login middleware have an account")
    return user.actor
