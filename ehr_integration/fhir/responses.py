"""What an EHR's answer means: which error, which resource, which page of a search."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from ehr_integration.errors import (
    EhrInvalidResponse,
    EhrRefused,
    EhrUnavailable,
    PatientNotFound,
    ScopeMissing,
    TokenExpired,
)

Resource = dict[str, Any]

# Source: FHIR R4, issue-type. Those in BUSY pass by themselves.
ISSUE_CODES = frozenset(
    "invalid structure required value invariant security login unknown expired forbidden suppressed processing "
    "not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly "
    "business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational".split()
)
BUSY = frozenset({"transient", "lock-error", "timeout", "throttled"})


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a searchset: what matched, what was included, warnings beside them, and the next link."""

    resources: tuple[Resource, ...]
    included: tuple[Resource, ...]
    has_warning: bool
    next_link: str | None


def check_status(
    status: int, *, request: str, is_patient_read: bool = False, issue_code: str = "", challenge: str = ""
) -> None:
    """Return for 200; `request` names the kind of request, never its address.

    `issue_code` is that of the OperationOutcome that came along, `challenge` the WWW-Authenticate header.
    Raises: ScopeMissing, TokenExpired, EhrRefused, PatientNotFound, EhrUnavailable, EhrInvalidResponse.
    """
    if status == 200:
        return
    if status in {401, 403}:
        raise _refusal(status, request, issue_code, challenge)
    if status in {404, 410} and is_patient_read:
        raise PatientNotFound("The EHR knows no such patient: check the patient, then FHIR_BASE_URL")
    if status == 429 or status >= 500 or issue_code in BUSY:
        raise EhrUnavailable(f"{request}: the EHR answered {status}: retry, then ask its operators")
    reason = f" ({issue_code})" if issue_code else ""
    raise EhrInvalidResponse(
        f"{request}: the EHR answered {status}{reason}: check that FHIR_BASE_URL is its R4 base",
        issue_code=issue_code,
    )


def _refusal(status: int, request: str, issue_code: str, challenge: str) -> EhrRefused:
    if "insufficient_scope" in challenge:
        return ScopeMissing(f"{request}: the token lacks a scope for it: have the EHR team grant it")
    if "invalid_token" in challenge or issue_code == "expired":
        return TokenExpired(f"{request}: the EHR does not accept the token any more: get a new one")
    return EhrRefused(f"{request}: the EHR refused it ({status}): check FHIR_BEARER_TOKEN and its scopes")


def issue_code_of(body: bytes) -> str:
    """Return the first code of an OperationOutcome, of the closed list; its texts may quote the patient."""
    try:
        issues = json.loads(body).get("issue")
        codes = [issue.get("code") for issue in issues if isinstance(issue, dict)]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return ""
    return next((code for code in codes if code in ISSUE_CODES), "")


def decode(body: bytes, *, request: str) -> Resource:
    """Return the JSON object that a body holds.

    Raises: EhrInvalidResponse.
    """
    try:
        answer = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise _invalid(request, "is not a JSON object")
    return answer


def check_resource(answer: Resource, *, resource_type: str, resource_id: str, request: str) -> Resource:
    """Return the answer, which is the resource asked for.

    Raises: EhrInvalidResponse.
    """
    if answer.get("resourceType") != resource_type:
        raise _invalid(request, f"is not a {resource_type}")
    if answer.get("id") != resource_id:
        raise _invalid(request, f"is another {resource_type} than the one asked for")
    return answer


def read_page(answer: Resource, *, resource_type: str, request: str) -> Page:
    """Return a page of a searchset, whose matches are all of the type asked for.

    Raises: EhrInvalidResponse, also where the EHR reports an error among the results.
    """
    entries = answer.get("entry", [])
    if answer.get("resourceType") != "Bundle" or not isinstance(entries, list):
        raise _invalid(request, "is not a Bundle")
    resources: list[Resource] = []
    included: list[Resource] = []
    has_warning = False
    for entry in entries:
        resource, mode = _entry(entry, request=request)
        if resource["resourceType"] == "OperationOutcome" or mode == "outcome":
            has_warning = _has_warning(resource, request=request) or has_warning
        elif mode == "include":
            included.append(resource)
        elif resource["resourceType"] != resource_type:
            raise _invalid(request, f"holds something else than {resource_type}")
        else:
            resources.append(resource)
    return Page(
        resources=tuple(resources),
        included=tuple(included),
        has_warning=has_warning,
        next_link=_next_link(answer),
    )


def _entry(entry: object, *, request: str) -> tuple[Resource, object]:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(resource, dict) or "resourceType" not in resource:
        raise _invalid(request, "has an entry without a resource")
    search = entry.get("search")
    return resource, search.get("mode") if isinstance(search, dict) else None


def _has_warning(outcome: Resource, *, request: str) -> bool:
    issues = outcome.get("issue")
    found = (
        [issue.get("severity") for issue in issues if isinstance(issue, dict)]
        if isinstance(issues, list)
        else []
    )
    if "error" in found or "fatal" in found:
        raise _invalid(request, "reports an error among the results")
    return "warning" in found


def _next_link(answer: Resource) -> str | None:
    links = answer.get("link")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and link.get("relation") == "next" and isinstance(link.get("url"), str):
            return str(link["url"])
    return None


def _invalid(request: str, what: str) -> EhrInvalidResponse:
    return EhrInvalidResponse(f"{request}: the answer {what}: check that FHIR_BASE_URL is the EHR's R4 base")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
