"""Failures as FHIR tells them: an OperationOutcome. Source: FHIR R4, OperationOutcome and 3.1.0.1.5."""

from http import HTTPStatus
from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from audit.errors import AuditError, AuditUnavailable
from audit.keys.errors import KeysError
from compliance.errors import AccessDenied
from compliance.officer.fhir.errors import SearchInvalid

MEDIA_TYPE = "application/fhir+json"
UNREADABLE = "Events of the record cannot be opened: see `manage.py audit status`"

# The first class that matches decides: status, issue code, and what is said where the error's own words are not.
ISSUES: dict[type[Exception], tuple[int, str, str]] = {
    SearchInvalid: (400, "invalid", ""),
    AccessDenied: (403, "forbidden", "Only a compliance officer reads the record. The attempt was recorded"),
    AuditUnavailable: (503, "transient", "Nothing is shown, because looking could not be recorded"),
    AuditError: (503, "exception", UNREADABLE),
    KeysError: (503, "exception", UNREADABLE),
    exceptions.NotAuthenticated: (401, "login", "Sign in first"),
    exceptions.AuthenticationFailed: (401, "login", "Sign in first"),
}


def operation_outcome(code: str, diagnostics: str) -> dict[str, Any]:
    """Return an OperationOutcome with one error."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "diagnostics": diagnostics}],
    }


def outcome_of(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error as an OperationOutcome; None leaves the unexpected to the log and a bare 500."""
    for kind, (status, code, said) in ISSUES.items():
        if isinstance(error, kind):
            headers = _challenge(exception_handler(error, context))
            return Response(operation_outcome(code, said or str(error)), status=status, headers=headers)
    response = exception_handler(error, context)
    if response is None:
        return None
    # In words of ours: the framework's may quote the request.
    words = HTTPStatus(response.status_code).phrase
    return Response(operation_outcome("processing", words), status=response.status_code)


def _challenge(response: Response | None) -> dict[str, str]:
    name = "WWW-Authenticate"
    return {name: response[name]} if response is not None and name in response else {}
