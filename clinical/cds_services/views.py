"""The doors that CDS clients know. No session and no cookie: each call proves by its token which EHR it comes from.

Source: CDS Hooks 2.0.1. Bodies are read here, and not by a parser, so that a large prefetch stays in memory.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from audit.errors import AuditUnavailable
from clinical.cds_services import services
from compliance.errors import AccessDenied
from ehr_integration.cds_hooks.cards import discovery_document, response_document
from ehr_integration.cds_hooks.client_tokens import client_of
from ehr_integration.cds_hooks.errors import ClientRefused, PrefetchMissing, RequestInvalid
from ehr_integration.cds_hooks.feedback import read_feedback
from ehr_integration.cds_hooks.request import MAX_BYTES, read_request
from ehr_integration.connections.domain import Connection
from ehr_integration.errors import ChartRefused, EhrError

View = Callable[..., JsonResponse]
STATUS: tuple[tuple[type[Exception], int, str], ...] = (
    (ClientRefused, 401, "login"),
    (RequestInvalid, 400, "invalid"),
    (AccessDenied, 403, "forbidden"),
    (PrefetchMissing, 412, "incomplete"),
    (ChartRefused, 412, "invalid"),
    (EhrError, 503, "transient"),
    (AuditUnavailable, 503, "transient"),
)


def _refusals_told(view: View) -> View:
    """Return the view, with every refusal as an OperationOutcome in words of ours."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: object, **kwargs: object) -> JsonResponse:
        try:
            return view(request, *args, **kwargs)
        except (EhrError, AccessDenied, AuditUnavailable) as error:
            return _refused(error)

    return guarded


def _refused(error: Exception) -> JsonResponse:
    status, code = next((status, code) for kind, status, code in STATUS if isinstance(error, kind))
    issue = {"severity": "error", "code": code, "diagnostics": str(error)}
    response = JsonResponse({"resourceType": "OperationOutcome", "issue": [issue]}, status=status)
    if isinstance(error, ClientRefused):
        response.headers["WWW-Authenticate"] = error.www_authenticate
    return response


@login_not_required
@require_GET
@_refusals_told
def discovery(request: HttpRequest) -> JsonResponse:
    """Return the services."""
    _client(request)
    return JsonResponse(discovery_document(services.services()))


@csrf_exempt
@login_not_required
@require_POST
@_refusals_told
def call(request: HttpRequest, service_id: str) -> JsonResponse:
    """Return cards."""
    _known(service_id)
    connection = _client(request, service_id)
    sent = read_request(_body(request), connection=connection)
    return JsonResponse(response_document(services.serve_hook(connection, sent, service_id=service_id)))


@csrf_exempt
@login_not_required
@require_POST
@_refusals_told
def feedback(request: HttpRequest, service_id: str) -> JsonResponse:
    """Take what became of cards."""
    _known(service_id)
    connection = _client(request, service_id, "feedback")
    services.take_feedback(connection, read_feedback(_body(request)))
    return JsonResponse({})


def _client(request: HttpRequest, *parts: str) -> Connection:
    return client_of(request.headers.get("Authorization", ""), endpoint_url=services.service_url(*parts))


def _known(service_id: str) -> None:
    if service_id not in {service.id for service in services.services()}:
        raise Http404


def _body(request: HttpRequest) -> bytes:
    body: Any = request.read(MAX_BYTES + 1)
    return bytes(body)
