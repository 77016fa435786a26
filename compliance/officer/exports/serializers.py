"""The shapes of the export API."""

from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from audit.balp.actions import ACTIONS
from audit.services import BEGINNING_OF_TIME
from compliance.access.domain import Purpose
from compliance.officer.exports.domain import ExportFormat, ExportStatus, Selection

LONGEST_NAME, LONGEST_JUSTIFICATION = 150, 200
OUTCOMES = ("0", "4", "8", "12")


def check_printable(value: str) -> None:
    """Raise ValidationError for control characters."""
    if not value.isprintable():
        raise serializers.ValidationError(code="control_characters")


class ExportRequestSerializer(serializers.Serializer[Any]):
    """Which events, in which form, and why."""

    since = serializers.DateTimeField(default=BEGINNING_OF_TIME, default_timezone=UTC)
    until = serializers.DateTimeField(
        required=False, default_timezone=UTC, help_text="before this moment (now)"
    )
    format = serializers.ChoiceField(
        choices=[each.value for each in ExportFormat], default=ExportFormat.PACKAGE.value
    )
    justification = serializers.CharField(
        max_length=LONGEST_JUSTIFICATION,
        validators=[check_printable],
        help_text="why; it goes into the record and must name no patient",
    )
    patient = serializers.RegexField(r"\A[A-Za-z0-9\-.]{1,64}\Z", required=False)
    user = serializers.CharField(max_length=LONGEST_NAME, required=False)
    client = serializers.CharField(max_length=LONGEST_NAME, required=False)
    purpose = serializers.RegexField(
        r"\A[A-Z]{1,20}\Z", required=False, help_text=f"such as {Purpose.TREATMENT}"
    )
    action = serializers.ChoiceField(choices=sorted(ACTIONS), required=False)
    outcomes = serializers.ListField(child=serializers.ChoiceField(choices=OUTCOMES), required=False)
    emergency = serializers.BooleanField(required=False, allow_null=True, default=None)

    def selection(self) -> Selection:
        """Return the selection of valid data."""
        values = dict(self.validated_data)
        values["export_format"] = ExportFormat(values.pop("format"))
        values["outcomes"] = tuple(values.get("outcomes", ()))
        now = datetime.now(UTC)
        values["until"] = min(values.get("until", now), now)
        return Selection(**values)


class ExportSelectionSerializer(serializers.Serializer[Any]):
    """What was asked for."""

    since = serializers.CharField()
    until = serializers.CharField()
    format = serializers.CharField()
    justification = serializers.CharField()
    patient = serializers.CharField()
    user = serializers.CharField()
    client = serializers.CharField()
    purpose = serializers.CharField()
    action = serializers.CharField()
    outcomes = serializers.ListField(child=serializers.CharField())
    emergency = serializers.BooleanField(allow_null=True)


class ExportSerializer(serializers.Serializer[Any]):
    """An export and where it stands."""

    id = serializers.CharField()
    status = serializers.SerializerMethodField()
    requested_by = serializers.CharField()
    requested_at = serializers.CharField()
    approved_by = serializers.CharField(allow_null=True)
    expires_at = serializers.CharField()
    patients = serializers.IntegerField()
    request = ExportSelectionSerializer()

    @extend_schema_field({"type": "string", "enum": [each.value for each in ExportStatus]})
    def get_status(self, export: dict[str, Any]) -> str:
        """Return where it stands."""
        return str(export["status"])
