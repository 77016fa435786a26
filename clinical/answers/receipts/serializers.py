"""The shapes of a verification, for validation and for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from clinical.answers.receipts.domain import Outcome


class VerificationRequestSerializer(serializers.Serializer[Any]):
    """A saved answer, and its question where the document does not hold it."""

    document = serializers.JSONField(help_text="The whole answer, with `receipt_id` and `receipt`")
    question = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="As it was asked"
    )


class LedgerPlaceSerializer(serializers.Serializer[Any]):
    """Where the event stands in the ledger, and the first checkpoint over it."""

    position = serializers.IntegerField(min_value=0)
    checkpoint_size = serializers.IntegerField(min_value=1)
    checkpoint_root = serializers.CharField()
    checkpoint_at = serializers.DateTimeField()


class GivenSerializer(serializers.Serializer[Any]):
    """What the record says of the answer with this receipt."""

    at = serializers.DateTimeField()
    by = serializers.CharField()
    role = serializers.CharField()
    purpose = serializers.CharField()
    model = serializers.CharField(allow_null=True)
    prompt_version = serializers.CharField(allow_null=True)
    event_id = serializers.UUIDField()
    ledger = LedgerPlaceSerializer(allow_null=True, help_text="null until the event is sealed")


class VerificationSerializer(serializers.Serializer[Any]):
    """Whether the saved answer is the one that was given; nothing of question or answer."""

    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    message = serializers.CharField()
    proves = serializers.CharField()
    receipt_id = serializers.CharField(allow_null=True)
    differs = serializers.ListField(child=serializers.CharField())
    given = GivenSerializer(allow_null=True)
