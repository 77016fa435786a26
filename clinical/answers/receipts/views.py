"""The receipts' API: parse, call, render."""

from collections.abc import Mapping
from typing import IO, Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinical.answers.receipts.document import verification_document
from clinical.answers.receipts.reading import document_in
from clinical.answers.receipts.serializers import VerificationRequestSerializer, VerificationSerializer
from clinical.answers.receipts.verification import verify_receipt
from clinical.answers.serializers import ProblemSerializer
from compliance.access.models import signed_in_actor

PROBLEMS = dict.fromkeys((400, 403, 413, 503), ProblemSerializer)


class StrictJsonParser(BaseParser):
    """Reads JSON in which every key stands once, also above the size of a question."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - DRF's signature
        """Return the JSON value. Raises: ParseError."""
        document = document_in(stream.read())
        if document is None:
            raise ParseError
        return document


class VerifyReceiptView(APIView):
    """Prove a saved answer."""

    parser_classes = (StrictJsonParser,)

    @extend_schema(
        operation_id="verify-receipt",
        request=VerificationRequestSerializer,
        responses={200: VerificationSerializer, **PROBLEMS},
        description="Whether a saved answer is the one that was given. A clinician verifies their own, a compliance "
        "officer every one. The verification is recorded; the document is not kept.",
    )
    def post(self, request: Request) -> Response:
        """Verify a saved answer against the audit record."""
        body = VerificationRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        verification = verify_receipt(
            signed_in_actor(request.user),
            body.validated_data["document"],
            question=body.validated_data["question"],
        )
        return Response(verification_document(verification))
