"""Every expected failure as a problem that a person can act on: one table for API, pages and commands.

Source: RFC 9457 (problem details). No entry quotes the request.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from audit.errors import AuditError, AuditUnavailable
from audit.keys.errors import KeysError
from clinical import errors
from clinical.calculators.errors import CalculatorError, CalculatorNotFound, InputMissing
from clinical.evidence.errors import EvidenceError, SourceNotFound
from clinical.inference.remote.errors import ServerFault, UnsafeServer
from clinical.specialties.errors import SpecialtyError, SpecialtyUnknown
from compliance.errors import (
    AccessDenied,
    ApprovalRefused,
    ExportDamaged,
    ExportNotFound,
    ExportNotReady,
    ExportsUnavailable,
    NoCareRelationship,
)
from ehr_integration import errors as ehr
from ehr_integration.smart.errors import LaunchExpired

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """What went wrong (`code`, `title`), with which HTTP status, and what to do about it (`fix`)."""

    status: int
    code: str
    title: str
    fix: str

    def document(self, detail: str = "") -> dict[str, Any]:
        """Return the problem as RFC 9457 JSON."""
        return {
            "type": f"urn:tacit:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": detail or self.fix,
        }


# The first class that matches decides, so special ones stand before general ones.
PROBLEMS: dict[type[Exception], Problem] = {
    errors.QuestionInvalid: Problem(422, "question-invalid", "The question cannot be asked", ""),
    CalculatorNotFound: Problem(404, "calculator-not-found", "No such calculator", ""),
    InputMissing: Problem(422, "input-missing", "The calculator needs more", ""),
    CalculatorError: Problem(422, "not-computed", "The score was not computed", ""),
    NoCareRelationship: Problem(
        404,
        "patient-not-found",
        "No such patient in your care",
        "No patient with this id is in your care. Choose one from the list of your patients.",
    ),
    ehr.PatientNotFound: Problem(
        404,
        "patient-not-found",
        "The EHR has no such patient",
        "The EHR does not know this patient. Choose one from the list of your patients.",
    ),
    AccessDenied: Problem(
        403,
        "access-denied",
        "Your role may not do this",
        "Your role does not include this. Sign in with an account whose role does. The attempt was recorded.",
    ),
    LaunchExpired: Problem(
        401,
        "launch-expired",
        "The EHR's permission has ended",
        "Close this page and open Tacit again from the patient's record in the EHR.",
    ),
    ehr.EhrTimeout: Problem(
        504,
        "ehr-timeout",
        "The EHR is too slow",
        "The EHR did not answer in time. Try again; if it stays slow, tell the EHR team.",
    ),
    ehr.ScopeMissing: Problem(
        502,
        "ehr-scope-missing",
        "The EHR granted too little",
        "Our token may not read the patient. Have the EHR team grant the scopes that `manage.py ehr doctor` names.",
    ),
    ehr.TokenExpired: Problem(
        502,
        "ehr-token-expired",
        "The EHR does not accept our token any more",
        "Open Tacit again from the EHR; outside a launch, renew FHIR_BEARER_TOKEN.",
    ),
    ehr.EhrRefused: Problem(
        502,
        "ehr-refused",
        "The EHR refused access",
        "The EHR did not accept our credentials. Check FHIR_BEARER_TOKEN and the granted scopes.",
    ),
    ehr.EhrInvalidResponse: Problem(
        502,
        "ehr-invalid-response",
        "The EHR sent something that is not FHIR",
        "The EHR's answer could not be used. Check that FHIR_BASE_URL is its FHIR R4 address.",
    ),
    ehr.EhrError: Problem(
        503,
        "ehr-unavailable",
        "The EHR cannot be reached",
        "The EHR does not answer. Check that it runs and that FHIR_BASE_URL is right, then try again.",
    ),
    errors.EngineBusy: Problem(
        503,
        "model-busy",
        "The model is busy",
        "Too many questions wait for the model. Try again in a moment.",
    ),
    errors.EngineTimeout: Problem(
        504,
        "model-timeout",
        "The model is too slow",
        "The model did not finish in time. Try again in a moment.",
    ),
    UnsafeServer: Problem(
        503,
        "model-server-unsafe",
        "The model server may not be given patient data",
        "It keeps prompts, or cannot show that it does not. `manage.py models probe` names every failed check and the flag that mends it.",
    ),
    ServerFault: Problem(
        503,
        "model-server-unavailable",
        "The model server cannot be used",
        "`manage.py models probe` says why. It is tried again by itself.",
    ),
    errors.EngineError: Problem(
        503,
        "model-unavailable",
        "The local model is not running",
        "Look into logs/engine.log. `manage.py models verify` says whether the model of TACIT_MODEL is there and whole.",
    ),
    errors.ReviewNotFound: Problem(
        404, "review-not-found", "No such review", "There is no such review of yours, or it has expired."
    ),
    errors.QueueUnavailable: Problem(
        503,
        "queue-unavailable",
        "The job queue cannot be reached",
        "Nothing was started. Check that Redis runs and that REDIS_URL is right, then try again.",
    ),
    SourceNotFound: Problem(
        404, "source-not-found", "No such source", "The evidence holds no source with this id."
    ),
    SpecialtyUnknown: Problem(
        422,
        "specialty-unknown",
        "There is no such specialty",
        "`manage.py specialties list` names those of this installation.",
    ),
    SpecialtyError: Problem(
        503,
        "specialties-unusable",
        "A specialty cannot be read",
        "`manage.py specialties list` names the file and the key.",
    ),
    EvidenceError: Problem(
        503,
        "evidence-unavailable",
        "The evidence is not loaded",
        "Load it with `python manage.py load_evidence`; `make run` does so by itself.",
    ),
    ExportNotFound: Problem(
        404,
        "export-not-found",
        "No such export",
        "There is no such export of yours, or it has expired. Ask for it again.",
    ),
    ExportNotReady: Problem(
        409,
        "export-not-ready",
        "The export is not ready",
        "Look at its `status`: it is still written, waits for a second officer, or failed.",
    ),
    ApprovalRefused: Problem(
        409,
        "approval-refused",
        "The export cannot be approved",
        "It must wait for approval, and another officer than the one who asked must approve it.",
    ),
    ExportsUnavailable: Problem(
        503,
        "queue-unavailable",
        "The job queue cannot be reached",
        "Nothing was started. Check that Redis runs and that REDIS_URL is right, then try again.",
    ),
    ExportDamaged: Problem(
        500,
        "export-damaged",
        "The export does not open",
        "Its file or its row was changed. Ask for it again, and find out who changed it.",
    ),
    AuditUnavailable: Problem(
        503,
        "audit-unavailable",
        "The audit record cannot be written",
        "Nothing was read, because it could not be recorded. Check the database and its disk.",
    ),
    AuditError: Problem(
        503,
        "audit-unreadable",
        "The audit record cannot be read",
        "Nothing is shown. `manage.py audit status` and `manage.py audit verify` say what is wrong.",
    ),
    KeysError: Problem(
        503,
        "audit-keys-unavailable",
        "A key of the audit record cannot be used",
        "Nothing is shown. `manage.py audit status` says which. See docs/audit-keys.md.",
    ),
}
# Their messages hold our words alone.
QUOTED = (errors.QuestionInvalid, CalculatorError, SpecialtyUnknown)
UNEXPECTED = Problem(
    500, "unexpected", "Something went wrong", "This is a fault of ours. Its time and place are in the log."
)


def problem_of(error: Exception) -> Problem | None:
    """Return the problem that describes the error; None where it is not an expected one."""
    return next((problem for kind, problem in PROBLEMS.items() if isinstance(error, kind)), None)


def problem_document(error: Exception) -> dict[str, Any]:
    """Return the error as RFC 9457 JSON. Only our own messages about the form of what was sent are quoted."""
    problem = problem_of(error) or UNEXPECTED
    document = problem.document(str(error) if isinstance(error, QUOTED) else "")
    return {**document, "missing": list(error.names)} if isinstance(error, InputMissing) else document


def drf_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an API error as problem JSON; None leaves the unexpected to the log and a bare 500."""
    if problem_of(error) is not None:
        document = problem_document(error)
        return Response(document, status=document["status"], headers=_headers(error), content_type=MEDIA_TYPE)
    response = exception_handler(error, context)
    if response is None:
        return None
    document = _framework_document(error, response.status_code)
    headers = {
        name: value for name, value in response.headers.items() if name in {"Retry-After", "WWW-Authenticate"}
    }
    return Response(document, status=response.status_code, headers=headers, content_type=MEDIA_TYPE)


def _headers(error: Exception) -> dict[str, str]:
    """Return what a client should know besides the document."""
    if isinstance(error, errors.EngineBusy):
        return {"Retry-After": str(error.retry_after_seconds)}
    return {}


def _framework_document(error: Exception, status: int) -> dict[str, Any]:
    """Return a failure that Django or DRF found, in words of ours: theirs may quote the request."""
    if isinstance(error, exceptions.ValidationError):
        problem = Problem(
            status, "request-invalid", "The request is not valid", "Check the fields named in `fields`."
        )
        return {**problem.document(), "fields": error.get_codes()}
    code = str(getattr(error, "default_code", "not-found" if isinstance(error, Http404) else "not-allowed"))
    title = HTTPStatus(status).phrase
    return Problem(status, code.replace("_", "-"), title, HTTPStatus(status).description or title).document()
