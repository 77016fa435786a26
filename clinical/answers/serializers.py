"""The shapes of the question API, for validation and for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from clinical.answers.domain import Audience, DraftedBy, Mode, Status
from clinical.evidence.checking import Reason, Verdict
from clinical.evidence.domain import Grade, Kind, Retraction
from clinical.safety.domain import Kind as RuleKind
from clinical.safety.domain import Severity
from compliance.access.domain import Purpose
from ehr_integration.chart.domain import Category, FindingCode

# Named in settings, so that the OpenAPI document can tell the kinds apart.
SOURCE_KINDS = [kind.value for kind in Kind]
RULE_KINDS = [kind.value for kind in RuleKind]


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
    mode = serializers.ChoiceField(
        choices=[mode.value for mode in Mode],
        default=Mode.THOROUGH.value,
        help_text="fast: the sources' own words, at once. thorough: worded by the model, and held against each other",
    )
    audience = serializers.ChoiceField(
        choices=[audience.value for audience in Audience],
        default=Audience.CLINICIAN.value,
        help_text="patient: with a handout in plain words",
    )
    specialty = serializers.CharField(
        max_length=64,
        default="",
        allow_blank=True,
        help_text="Empty: found out from the question and the chart",
    )


class SourceSerializer(serializers.Serializer[Any]):
    """A guideline section or an article."""

    source_id = serializers.CharField()
    kind = serializers.ChoiceField(choices=SOURCE_KINDS)
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


class CheckSerializer(serializers.Serializer[Any]):
    """What the claim checker says of a statement, and why."""

    verdict = serializers.ChoiceField(choices=[verdict.value for verdict in Verdict])
    reason = serializers.ChoiceField(choices=[reason.value for reason in Reason])
    explanation = serializers.CharField()
    confidence = serializers.FloatField(min_value=0, max_value=1)


class ScoreSerializer(serializers.Serializer[Any]):
    """A score from the chart, or with a null `value` what it would need."""

    name = serializers.CharField()
    title = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    unit = serializers.CharField(allow_blank=True, help_text="UCUM")
    text = serializers.CharField()
    meaning = serializers.CharField(allow_blank=True)
    facts = serializers.ListField(child=serializers.CharField())
    references = serializers.ListField(child=serializers.CharField())
    assumed_absent = serializers.ListField(
        child=serializers.CharField(), help_text="Not recorded, and counted as not there"
    )
    missing = serializers.ListField(child=serializers.CharField())
    as_of = serializers.DateField(allow_null=True, help_text="The day of the oldest measurement")
    source = serializers.URLField()  # type: ignore[assignment]  # as above


class SafetySerializer(serializers.Serializer[Any]):
    """What a safety rule found in the medicines taken or proposed."""

    rule = serializers.CharField()
    version = serializers.CharField()
    kind = serializers.ChoiceField(choices=RULE_KINDS)
    severity = serializers.ChoiceField(choices=[severity.value for severity in Severity])
    summary = serializers.CharField()
    detail = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField())
    facts = FactSerializer(many=True)
    because = serializers.ListField(child=serializers.CharField())
    proposed = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]  # also an attribute of DRF's fields
    url = serializers.URLField()


class DisagreementSerializer(serializers.Serializer[Any]):
    """A statement, and a passage of another source that contradicts it."""

    statement = serializers.CharField()
    source = SourceSerializer()  # type: ignore[assignment]  # also an attribute of DRF's fields
    against = CitationSerializer(allow_null=True)
    check = CheckSerializer()


class ClaimSerializer(serializers.Serializer[Any]):
    """A checked statement with what supports it: citations, or chart references."""

    text = serializers.CharField()
    drafted_by = serializers.ChoiceField(choices=[drafter.value for drafter in DraftedBy])
    grade = serializers.ChoiceField(choices=[grade.name.lower() for grade in Grade], allow_null=True)
    check = CheckSerializer(allow_null=True)
    citations = CitationSerializer(many=True)
    chart_references = FactSerializer(many=True)


class HandoutStatementSerializer(serializers.Serializer[Any]):
    """A checked statement in plain words."""

    text = serializers.CharField()
    sources = SourceSerializer(many=True)


class WordSerializer(serializers.Serializer[Any]):
    """A term, explained."""

    term = serializers.CharField()
    meaning = serializers.CharField()


class HandoutSerializer(serializers.Serializer[Any]):
    """A sheet for the patient, from the same checked statements."""

    before = serializers.CharField()
    statements = HandoutStatementSerializer(many=True)
    words = WordSerializer(many=True)
    after = serializers.ListField(child=serializers.CharField())


class ReceiptSerializer(serializers.Serializer[Any]):
    """Salt and commitment, hex: keep them with a saved answer."""

    format = serializers.CharField()
    salt = serializers.CharField()
    commitment = serializers.CharField()


class SpecialtySerializer(serializers.Serializer[Any]):
    """The specialty by which a question is answered, and why."""

    name = serializers.CharField()
    title = serializers.CharField()
    version = serializers.CharField()
    reason = serializers.CharField()
    runner_up = serializers.CharField(allow_null=True)
    is_override = serializers.BooleanField()


class AnswerSerializer(serializers.Serializer[Any]):
    """The whole answer, with the question as it was asked, without surrounding space."""

    question = serializers.CharField()
    status = serializers.ChoiceField(choices=[status.value for status in Status])
    message = serializers.CharField()
    claims = ClaimSerializer(many=True)
    facts = FactSerializer(many=True)
    findings = FindingSerializer(many=True)
    mode = serializers.ChoiceField(choices=[mode.value for mode in Mode])
    specialty = SpecialtySerializer(allow_null=True)
    calculators = ScoreSerializer(many=True)
    safety = SafetySerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField(), help_text="What the chart lacks, in words")
    sources = SourceSerializer(many=True)
    disagreements = DisagreementSerializer(many=True)
    limits = serializers.ListField(child=serializers.CharField())
    handout = HandoutSerializer(allow_null=True)
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
