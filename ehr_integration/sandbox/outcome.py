"""Errors as FHIR has them: an HTTP status with an OperationOutcome."""

from collections.abc import Mapping

from ehr_integration.sandbox.builder.terms import Resource


class FhirError(Exception):
    """A request that cannot be answered; `code` is a FHIR issue type."""

    def __init__(
        self, status: int, code: str, diagnostics: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(diagnostics)
        self.status, self.code, self.diagnostics, self.headers = status, code, diagnostics, headers


def operation_outcome(code: str, diagnostics: str) -> Resource:
    """Return an OperationOutcome with one error."""
    issue = {"severity": "error", "code": code, "diagnostics": diagnostics}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def malformed(diagnostics: str) -> FhirError:
    """Return a 400 for a value that cannot be understood."""
    return FhirError(400, "value", diagnostics)
