"""The shapes of the officer's API."""

from typing import Any

from rest_framework import serializers


class AuditProblemSerializer(serializers.Serializer[Any]):
    """What went wrong. Source: RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
