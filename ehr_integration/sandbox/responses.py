"""Answers on the wire: FHIR JSON, and the mapping of every error to an OperationOutcome."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ExceptionHandler

from ehr_integration.sandbox.outcome import FhirError, operation_outcome


class FhirResponse(JSONResponse):
    """JSON with the FHIR media type."""

    media_type = "application/fhir+json"


def _error(
    status: int, code: str, diagnostics: str, headers: Mapping[str, str] | None = None
) -> FhirResponse:
    return FhirResponse(operation_outcome(code, diagnostics), status_code=status, headers=headers)


async def _on_error(_request: Request, error: Exception) -> FhirResponse:
    if isinstance(error, FhirError):
        return _error(error.status, error.code, error.diagnostics, error.headers)
    if isinstance(error, HTTPException):
        hint = "Use GET." if error.status_code == 405 else "See GET /fhir/metadata for what is served."
        return _error(error.status_code, "not-supported", hint, error.headers)
    return _error(500, "exception", "The demo EHR failed: see its console.")


EXCEPTION_HANDLERS: dict[int | type[Exception], ExceptionHandler] = dict.fromkeys(
    (FhirError, HTTPException, Exception), _on_error
)
