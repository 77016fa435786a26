"""The shapes of the question API, for validation and for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from clinical.answers.domain import DraftedBy, Status
from clinical.evidence.domain import Grade, Kind, Retraction
from compliance.access.domain import Purpose
from ehr_integration.chart.domain import Category, FindingCode


class QuestionField(serializers.CharField):
    """Free text as it came: what a question may hold is the service's to say, in one place for every door."""

    def __init__(self) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, help_text="At most 2,000 characters")
        self.validators = []


class QueryRequestSerializer(serializers.Serializer[Any]):
    """A question about one patient."""

    patient = serializers.CharField(max_length=64, help_text="The patient's id in the EHR")
    question = QuestionField()
    purpose = serializers.ChoiceField(
        choices=[purpose.value for purpose in Purpose], default=Purpose.TREATMENT.value
    )


class SourceSerializer(serializers.Serializer[Any]):
    """A guideline section or an article."""

    source_id = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    grade = serializers.ChoiceField(choices=[grade.name.lower() for grade in Grade])
    pmid = serializers.CharField(allow_null=True)
    doi = serializers.CharField(allow_null=True)


class StandingSerializer(serializers.Serializer[Any]):
    """Whether a work still stands, and the day on which that was last looked up."""

    state = serializers.ChoiceField(choices=[state.value for state in Retraction])
    checked_on = serializers.DateField(allow_null=True)


class SourceTextSerializer(SourceSerializer):
    """A source with its text; quote offsets count its characters."""

    text = serializers.CharField()
    journal = serializers.CharField(allow_null=True)
    corpus = serializers.CharField()
    retracted = serializers.BooleanField()
    retraction = StandingSerializer()
    has_concern = serializers.BooleanField(help_text="An expression of concern was published")
    is_corrected = serializers.BooleanField(help_text="An erratum was published")


class CitationSerializer(SourceSerializer):
    """A verbatim quote from a source."""

    # `context` is also an attribute of DRF's fields, hence the ignore.
    context = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]
    quote = serializers.CharField()
    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=0)


class FactSerializer(serializers.Serializer[Any]):
    """A chart fact with its FHIR reference."""

    category = serializers.ChoiceField(choices=[category.value for category in Category])
    text = serializers.CharField()
    reference = serializers.CharField()
    date = serializers.DateField(allow_null=True)


class FindingSerializer(serializers.Serializer[Any]):
    """A data-quality finding of the chart."""

    code = serializers.ChoiceField(choices=[code.value for code in FindingCode])
    reference = serializers.CharField()
    text = serializers.CharField()


class ClaimSerializer(serializers.Serializer[Any]):
    """A checked statement with what supports it: citations, or chart references."""

    text = serializers.CharField()
    drafted_by = serializers.ChoiceField(choices=[drafter.value for drafter in DraftedBy])
    citations = CitationSerializer(many=True)
    chart_references = FactSerializer(many=True)


class ReceiptSerializer(serializers.Serializer[Any]):
    """Salt and commitment, hex: keep them with a saved answer."""

    salt = serializers.CharField()
    commitment = serializers.CharField()


class AnswerSerializer(serializers.Serializer[Any]):
    """The whole answer."""

    status = serializers.ChoiceField(choices=[status.value for status in Status])
    message = serializers.CharField()
    claims = ClaimSerializer(many=True)
    facts = FactSerializer(many=True)
    findings = FindingSerializer(many=True)
    sources = SourceSerializer(many=True)
    dropped_claims = serializers.IntegerField(min_value=0)
    model = serializers.CharField(allow_null=True)
    prompt_version = serializers.CharField(allow_null=True)
    receipt_id = serializers.CharField()
    receipt = ReceiptSerializer()


class PatientSerializer(serializers.Serializer[Any]):
    """A patient in the clinician's care."""

    id = serializers.CharField()
    name = serializers.CharField()
    sex = serializers.CharField()
    birth_date = serializers.DateField(allow_null=True)
    age_years = serializers.IntegerField(allow_null=True)


class ProblemSerializer(serializers.Serializer[Any]):
    """What went wrong (RFC 9457, application/problem+json)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
