"""The question API: parse, call, render."""

from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from clinical.answers.document import answer_document, source_text_document
from clinical.answers.domain import Audience, Mode, Query
from clinical.answers.serializers import (
    AnswerSerializer,
    PatientSerializer,
    ProblemSerializer,
    QueryRequestSerializer,
    SourceTextSerializer,
)
from clinical.answers.services import answer_question, last_event
from clinical.answers.streaming import MEDIA_TYPE, event_stream
from clinical.evidence.services import read_source, standing_of
from clinical.launched import record_source
from compliance.access.domain import Purpose
from compliance.access.models import signed_in_actor
from compliance.access.services import authorize_patients_in_care
from ehr_integration.chart.services import read_patients

PROBLEMS = dict.fromkeys((403, 404, 413, 422, 502, 503, 504), ProblemSerializer)


class EventStreamRenderer(BaseRenderer):
    """Lets a client ask for events by `Accept`; the view streams them itself."""

    media_type = MEDIA_TYPE
    format = "event-stream"
    charset = None

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:  # noqa: ANN401 - DRF's signature
        """Render an error that came before the first event, as JSON."""
        return JSONRenderer().render(data)


class QuestionThrottle(UserRateThrottle):
    """Questions of one account."""

    scope = "questions"


class QueriesView(APIView):
    """Ask about a patient."""

    renderer_classes = (JSONRenderer, EventStreamRenderer)
    throttle_classes = (QuestionThrottle,)

    @extend_schema(
        operation_id="ask",
        request=QueryRequestSerializer,
        responses={(200, "application/json"): AnswerSerializer, (200, MEDIA_TYPE): str, **PROBLEMS},
        description=(
            "Answers in checked claims, each with its quote or chart reference. With `Accept: text/event-stream` "
            "sends the events `facts`, `specialty`, `calculators`, `safety`, `evidence`, `claim` (one each), `answer` with the "
            "whole document, and `receipt`; or `problem`."
        ),
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Answer a question about a patient."""
        body = QueryRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        source = record_source(request)
        source.check_patient(body.validated_data["patient"])
        events = answer_question(
            signed_in_actor(request.user),
            Query(
                patient_id=body.validated_data["patient"],
                question=body.validated_data["question"],
                purpose=Purpose(body.validated_data["purpose"]),
                mode=Mode(body.validated_data["mode"]),
                audience=Audience(body.validated_data["audience"]),
                specialty=body.validated_data["specialty"],
            ),
            endpoint=source.endpoint,
        )
        if request.accepted_renderer.media_type == MEDIA_TYPE:
            return event_stream(events)
        finished = last_event(events)
        return Response(answer_document(finished.answer, finished.receipt, question=finished.question))


class PatientsView(APIView):
    """The patients in the caller's care."""

    @extend_schema(operation_id="patients", responses={200: PatientSerializer(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """List the patients in your care; each is recorded as read."""
        source = record_source(request)
        grants = authorize_patients_in_care(
            signed_in_actor(request.user), purpose=Purpose.TREATMENT, only=source.patient
        )
        today = timezone.localdate()
        return Response(
            [
                {
                    "id": patient.id,
                    "name": patient.name,
                    "sex": patient.sex,
                    "birth_date": patient.birth_date,
                    "age_years": patient.age_years(today),
                }
                for patient in read_patients(grants, endpoint=source.endpoint)
            ]
        )


class SourcesView(APIView):
    """The sources that answers cite."""

    @extend_schema(
        operation_id="source",
        parameters=[OpenApiParameter("id", str, required=True, description="`source_id` of a citation")],
        responses={200: SourceTextSerializer, 404: ProblemSerializer, 503: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return a source with its text, in which quote offsets count characters."""
        source = read_source(request.query_params.get("id", ""))
        return Response(source_text_document(source, standing_of(source)))
