"""Exports that were asked for and have not expired. The record itself says for good who exported what."""

from django.db import models
from django.db.models import F, Q

from compliance.access.models import Account
from compliance.officer.exports.domain import ExportStatus


class AuditExport(models.Model):
    """An export. `request` is the selection, encrypted under the package's key, which `wrapped_key` holds wrapped."""

    id = models.UUIDField(primary_key=True)
    requested_by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)
    status = models.CharField(max_length=30, choices=[(each.value, each.value) for each in ExportStatus])
    patients = models.IntegerField()
    request = models.BinaryField()
    kek_id = models.CharField(max_length=200)
    wrapped_key = models.BinaryField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="export_status_is_known",
                condition=Q(status__in=[each.value for each in ExportStatus]),
            ),
            models.CheckConstraint(
                name="export_approval_names_who_and_when",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="export_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.id}: {self.status}"
