"""The calculators' API: parse, call, render."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinical.calculators.calculation import calculation
from clinical.calculators.charts.charted import filled_from_chart
from clinical.calculators.charts.filling import Filled
from clinical.calculators.document import calculator_document
from clinical.calculators.notes.extracting import filled_from_note
from clinical.calculators.registry import calculator_named, calculators
from clinical.calculators.serializers import (
    CalculationRequestSerializer,
    CalculatorSerializer,
    ResultSerializer,
)
from clinical.launched import record_source
from compliance.access.models import signed_in_actor


class CalculatorsView(APIView):
    """All calculators."""

    @extend_schema(operation_id="calculators", responses={200: CalculatorSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """List the calculators, each with what it asks for and its source."""
        return Response([calculator_document(each) for each in calculators().values()])


class CalculatorView(APIView):
    """One calculator."""

    @extend_schema(operation_id="calculator", responses={200: CalculatorSerializer})
    def get(self, request: Request, name: str) -> Response:
        """Return one calculator."""
        return Response(calculator_document(calculator_named(name)))

    @extend_schema(
        operation_id="calculate",
        request=CalculationRequestSerializer,
        responses={200: ResultSerializer},
        description="Computes; nothing is kept. What is not given is read from the note, then, where a patient is named, from the chart, after access was recorded.",
    )
    def post(self, request: Request, name: str) -> Response:
        """Compute a score."""
        calculator = calculator_named(name)
        body = CalculationRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        note = body.validated_data.get("note", "")
        charted: tuple[Filled, ...] = ()
        if patient_id := body.validated_data.get("patient"):
            source = record_source(request)
            source.check_patient(patient_id)
            charted = filled_from_chart(
                signed_in_actor(request.user), calculator, patient_id=patient_id, endpoint=source.endpoint
            ).found
        told = filled_from_note(calculator, note)
        return Response(calculation(calculator, body.validated_data["inputs"], told, charted))
