"""The append-only table; the database itself refuses to change a row (see the migrations)."""

from django.db import models

from audit.domain import Outcome, new_event_id


class AuditEvent(models.Model):
    """One row of the record; `audit.services` alone writes and reads it."""

    id = models.UUIDField(primary_key=True, default=new_event_id, editable=False)
    recorded_at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=[(outcome.value, outcome.value) for outcome in Outcome])
    actor = models.CharField(max_length=150)
    role = models.CharField(max_length=40, blank=True)
    patient_id = models.CharField(max_length=64, blank=True, db_index=True)
    purpose = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = (
            models.CheckConstraint(
                name="audit_outcome_is_known",
                condition=models.Q(outcome__in=[outcome.value for outcome in Outcome]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M:%S} {self.action} {self.outcome}"
