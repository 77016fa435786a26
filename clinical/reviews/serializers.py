"""The shapes of the review API."""

from typing import Any

from rest_framework import serializers

from clinical.answers.serializers import ClaimSerializer, QuestionField, SourceSerializer
from clinical.reviews.domain import ReviewStatus


class ReviewRequestSerializer(serializers.Serializer[Any]):
    """A question for the literature; it must not name a patient."""

    question = QuestionField()


class ReviewSectionSerializer(serializers.Serializer[Any]):
    """The conclusions of one grade of evidence."""

    heading = serializers.CharField()
    claims = ClaimSerializer(many=True)


class SynthesisSerializer(serializers.Serializer[Any]):
    """The finished review."""

    question = serializers.CharField()
    summary = serializers.CharField()
    sections = ReviewSectionSerializer(many=True)
    references = SourceSerializer(many=True)
    articles_without_conclusion = serializers.IntegerField()
    dropped_claims = serializers.IntegerField()
    limits = serializers.CharField()


class ReviewSerializer(serializers.Serializer[Any]):
    """A review and how far it is."""

    id = serializers.CharField()
    status = serializers.ChoiceField(choices=[status.value for status in ReviewStatus])
    question = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    expires_in_seconds = serializers.IntegerField()
    result = SynthesisSerializer(allow_null=True)
