"""`/fhir/AuditEvent`: parse, call, render."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import FormParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from compliance.access.models import signed_in_actor
from compliance.officer.fhir.outcomes import MEDIA_TYPE, outcome_of
from compliance.officer.fhir.search import DEFAULT_COUNT, LARGEST_COUNT, Parameters
from compliance.officer.fhir.services import CURSOR, Found, search_events

ANSWERS = dict.fromkeys([(status, MEDIA_TYPE) for status in (200, 400, 403, 503)], OpenApiTypes.OBJECT)
DESCRIPTION = (
    "A Bundle of type searchset with the AuditEvents that match, shaped by IHE BALP; compliance officers only. Each "
    "use is recorded before anything is shown. An unknown parameter is refused."
)


def _parameter(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=description)


PARAMETERS = [
    _parameter("patient", "the patient's id, or Patient/ and the id"),
    _parameter("agent", "an account's name; or system|name with urn:tacit:account or urn:tacit:client"),
    _parameter("date", "when it was recorded, with the prefixes eq, ge, le, gt, lt; may be given twice"),
    _parameter("action", "C, R, U, D, E, or urn:tacit:action| and one of our actions; several with commas"),
    _parameter("outcome", "0, 4, 8, 12; several with commas"),
    _parameter("purpose", "purpose of use, such as TREAT or BTG"),
    _parameter("_count", f"events on a page, {DEFAULT_COUNT} unless told, at most {LARGEST_COUNT}"),
    _parameter("_sort", "-date (the default) or date"),
    _parameter(CURSOR, "from the link of relation next; stands alone"),
]


class FhirRenderer(JSONRenderer):
    """JSON under FHIR's media type."""

    media_type = MEDIA_TYPE
    format = "fhir"


class AuditEventsView(APIView):
    """Search the record."""

    renderer_classes = (FhirRenderer, JSONRenderer)

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        """Tell errors as OperationOutcomes."""
        return outcome_of

    @extend_schema(
        operation_id="search_audit_events",
        parameters=PARAMETERS,
        responses=ANSWERS,
        description=DESCRIPTION,
    )
    def get(self, request: Request) -> Response:
        """Return a page of the events that match."""
        return _answer(request, dict(request.query_params.lists()))


class AuditEventSearchView(AuditEventsView):
    """The same with the parameters in the body, so that no patient's id stands in an address."""

    parser_classes = (FormParser,)
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="search_audit_events_by_post",
        request={"application/x-www-form-urlencoded": OpenApiTypes.OBJECT},
        responses=ANSWERS,
        description=f"{DESCRIPTION} Takes the parameters of GET as a form (FHIR R4, 3.1.1.2).",
    )
    def post(self, request: Request) -> Response:
        """Return a page of the events that match."""
        form = request.data
        return _answer(request, dict(form.lists()) if isinstance(form, QueryDict) else {})


def _answer(request: Request, parameters: Parameters) -> Response:
    found = search_events(signed_in_actor(request.user), parameters)
    return Response(_bundle(request, found))


def _bundle(request: Request, found: Found) -> dict[str, Any]:
    base = request.build_absolute_uri("/fhir/AuditEvent")
    # The address that was asked for may name a patient, so "self" does not repeat it.
    links = [{"relation": "self", "url": base}]
    if found.next_cursor:
        links.append({"relation": "next", "url": f"{base}?{CURSOR}={found.next_cursor}"})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "link": links}
    if found.documents:
        bundle["entry"] = [
            {
                "fullUrl": f"urn:uuid:{document['id']}",
                "resource": document,
                "search": {"mode": "match"},
            }
            for document in found.documents
        ]
    return bundle
