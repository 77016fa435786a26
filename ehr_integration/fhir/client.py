"""Reads and searches one EHR over FHIR, within a deadline, its addresses, and what its token may do."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from ehr_integration.errors import (
    EhrError,
    EhrInvalidResponse,
    EhrTimeout,
    EhrUnavailable,
    PatientNotFound,
    ScopeMissing,
)
from ehr_integration.fhir.addresses import pooled
from ehr_integration.fhir.bodies import bounded
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.origin import FhirEndpoint, is_fhir_id, next_url, resource_url
from ehr_integration.fhir.responses import (
    Page,
    Resource,
    check_resource,
    check_status,
    decode,
    issue_code_of,
    read_page,
)
from ehr_integration.fhir.retrying import ATTEMPTS, PASSING, pause

MAX_RESPONSE_BYTES = 16 * 1024 * 1024
MAX_ERROR_BYTES = 64 * 1024
MAX_PAGES = 50
MAX_BATCH = 50
_ENCODINGS = frozenset({"", "identity", "gzip", "deflate"})  # others may unpack to any size at once

Params = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Searchset:
    """What a search brought: what matched and what was included, in the EHR's order, and whether that is all.

    `has_warning` says that the EHR put a warning beside its results.
    """

    resources: tuple[Resource, ...]
    included: tuple[Resource, ...] = ()
    is_complete: bool
    has_warning: bool


@dataclass(frozen=True, kw_only=True)
class Version:
    """A resource as it was read, with the EHR's word for this version of it."""

    resource: Resource
    etag: str


@dataclass(frozen=True, kw_only=True)
class _Answer:
    status: int
    body: bytes
    retry_after: str = ""
    challenge: str = ""
    etag: str = ""


class FhirClient:
    """One EHR as one user sees it; a context manager. Safe to share between threads.

    The connections are this process's own and outlive it: many users' requests go over them, each with its own token.
    """

    def __init__(self, endpoint: FhirEndpoint, *, transport: httpx.BaseTransport | None = None) -> None:
        self._endpoint = endpoint
        self._headers = {"Accept": "application/fhir+json", "Accept-Encoding": "gzip"}
        if endpoint.bearer_token:
            self._headers["Authorization"] = f"Bearer {endpoint.bearer_token}"
        self._own = httpx.Client(transport=transport, trust_env=False) if transport else None
        self._http = self._own or pooled(is_internal=endpoint.is_internal)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is this client's alone."""
        if self._own:
            self._own.close()

    @property
    def base_url(self) -> str:
        """Where this EHR answers; its absolute references begin with it."""
        return self._endpoint.base_url

    @property
    def endpoint(self) -> FhirEndpoint:
        """What this client was made for."""
        return self._endpoint

    def deadline(self) -> Deadline:
        """Return a deadline for one chart read that starts now."""
        return Deadline.after(self._endpoint.deadline_seconds)

    def read(self, resource_type: str, resource_id: str, *, deadline: Deadline) -> Resource:
        """Return one resource.

        Raises: PatientNotFound, also for a patient id that FHIR does not allow; ScopeMissing; EhrError.
        """
        return self.read_version(resource_type, resource_id, deadline=deadline).resource

    def read_version(
        self, resource_type: str, resource_id: str, *, deadline: Deadline, known: Version | None = None
    ) -> Version:
        """Return one resource with its ETag; the known version where the EHR says that it still holds (304).

        Raises: as `read`.
        """
        request, is_patient = f"{resource_type} read", resource_type == "Patient"
        if not is_fhir_id(resource_id):
            wrong_id = PatientNotFound if is_patient else EhrInvalidResponse
            raise wrong_id(f"{request}: the id is not a FHIR id: check where it comes from")
        self._check_scope(resource_type, "r", {})
        url = resource_url(self._endpoint.base_url, resource_type, resource_id)
        headers = {"If-None-Match": known.etag} if known and known.etag else {}
        answer = self._answer("GET", url, request=request, deadline=deadline, headers=headers)
        if known is not None and answer.status == 304:
            return known
        found = self._resource(answer, request=request, is_patient_read=is_patient)
        resource = check_resource(
            found, resource_type=resource_type, resource_id=resource_id, request=request
        )
        return Version(resource=resource, etag=answer.etag)

    def search(self, resource_type: str, params: Params, *, deadline: Deadline) -> list[Resource]:
        """Return everything that matches, from all pages.

        Raises: EhrInvalidResponse, also beyond MAX_PAGES; ScopeMissing; EhrError.
        """
        found = self.search_pages(resource_type, params, deadline=deadline)
        if not found.is_complete:
            raise EhrInvalidResponse(
                f"{resource_type} search: more than {MAX_PAGES} pages: enlarge the EHR's pages"
            )
        return list(found.resources)

    def search_pages(self, resource_type: str, params: Params, *, deadline: Deadline) -> Searchset:
        """Return what the first MAX_PAGES pages hold; `_include` and `_revinclude` may be lists.

        Raises: ScopeMissing; EhrError.
        """
        request = f"{resource_type} search"
        self._check_scope(resource_type, "s", params)
        url = resource_url(self._endpoint.base_url, resource_type).copy_merge_params(dict(params))
        pages: list[Page] = []
        while len(pages) < MAX_PAGES:
            answer = self._answer("GET", url, request=request, deadline=deadline)
            found = self._resource(answer, request=request)
            pages.append(read_page(found, resource_type=resource_type, request=request))
            if pages[-1].next_link is None:
                break
            url = next_url(self._endpoint.base_url, current=url, link=pages[-1].next_link)
        return Searchset(
            resources=tuple(resource for page in pages for resource in page.resources),
            included=tuple(resource for page in pages for resource in page.included),
            is_complete=pages[-1].next_link is None,
            has_warning=any(page.has_warning for page in pages),
        )

    def batch(self, asked: Sequence[str], *, deadline: Deadline) -> list[Resource | EhrError]:
        """Return the answers to relative GET addresses ("Condition?patient=1") in their order, in one round trip.

        Each is a resource (a Bundle for a search) or the error that stands for it; one that the token may not do is not
        sent. Raises: EhrError, where the batch as a whole fails.
        """
        request = "Batch"
        answers: list[Resource | EhrError] = [self._scope_error(each) or {} for each in asked]
        sent = [place for place, answer in enumerate(answers) if not isinstance(answer, EhrError)]
        if len(sent) > MAX_BATCH:
            raise EhrInvalidResponse(f"{request}: more than {MAX_BATCH} requests: send them in parts")
        if not sent:
            return answers
        entries = [{"request": {"method": "GET", "url": asked[place]}} for place in sent]
        bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
        url = resource_url(self._endpoint.base_url)
        answer = self._answer("POST", url, request=request, deadline=deadline, body=bundle)
        found = self._resource(answer, request=request).get("entry")
        if not isinstance(found, list) or len(found) != len(sent):
            raise EhrInvalidResponse(f"{request}: the answer does not hold one entry for each request")
        for place, entry in zip(sent, found, strict=True):
            answers[place] = _entry(entry)
        return answers

    def get_plain(self, path: str, *, deadline: Deadline) -> Resource:
        """Return a JSON object below the base that is no resource of a patient (metadata). Raises: EhrError."""
        url = resource_url(self._endpoint.base_url, path)
        return self._resource(self._answer("GET", url, request=path, deadline=deadline), request=path)

    def _check_scope(self, resource_type: str, permission: str, params: Params) -> None:
        scopes = self._endpoint.scopes
        given = {name: value if isinstance(value, str) else ",".join(value) for name, value in params.items()}
        if scopes is not None and not scopes.allows(resource_type, permission, given):
            raise ScopeMissing(
                f"{resource_type}: the token has no scope {resource_type}.{permission}: have the EHR team grant it"
            )

    def _scope_error(self, address: str) -> EhrError | None:
        url = httpx.URL(address)
        kind, _, resource_id = url.path.strip("/").partition("/")
        try:
            self._check_scope(kind, "r" if resource_id else "s", dict(url.params))
        except ScopeMissing as error:
            return error
        return None

    def _resource(self, answer: _Answer, *, request: str, is_patient_read: bool = False) -> Resource:
        check_status(
            answer.status,
            request=request,
            is_patient_read=is_patient_read,
            issue_code=issue_code_of(answer.body) if answer.status != 200 else "",
            challenge=answer.challenge,
        )
        return decode(answer.body, request=request)

    def _answer(
        self,
        method: str,
        url: httpx.URL,
        *,
        request: str,
        deadline: Deadline,
        headers: Mapping[str, str] | None = None,
        body: Resource | None = None,
    ) -> _Answer:
        """Return one answer, asked for again where the EHR was busy or the connection broke."""
        content = json.dumps(body).encode() if body is not None else None
        kind = {"Content-Type": "application/fhir+json"} if body is not None else {}
        built = self._http.build_request(
            method, url, headers={**self._headers, **kind, **(headers or {})}, content=content
        )
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._fetch(built, request=request, deadline=deadline)
            except EhrUnavailable:
                if attempt == ATTEMPTS:
                    raise
                answer = _Answer(status=503, body=b"")
            if answer.status not in PASSING or attempt == ATTEMPTS:
                return answer
            pause(answer.retry_after, attempt=attempt, request=request, deadline=deadline)
        raise AssertionError("the last attempt returns")

    def _fetch(self, built: httpx.Request, *, request: str, deadline: Deadline) -> _Answer:
        # `from None`: the causes quote addresses, and those hold patient ids.
        built.extensions["timeout"] = httpx.Timeout(deadline.remaining()).as_dict()
        try:
            response = self._http.send(built, stream=True, follow_redirects=False)
            try:
                return _Answer(
                    status=response.status_code,
                    body=_body(response, request=request, deadline=deadline),
                    retry_after=response.headers.get("Retry-After", ""),
                    challenge=response.headers.get("WWW-Authenticate", ""),
                    etag=response.headers.get("ETag", ""),
                )
            finally:
                response.close()
        except httpx.TimeoutException:
            raise EhrTimeout(f"{request}: no answer in time: retry, or raise FHIR_DEADLINE_SECONDS") from None
        except httpx.DecodingError:
            raise EhrInvalidResponse(f"{request}: the answer cannot be unpacked: check proxies") from None
        except httpx.TransportError:
            raise EhrUnavailable(
                f"{request}: cannot reach the EHR: check FHIR_BASE_URL and the network"
            ) from None


def _body(response: httpx.Response, *, request: str, deadline: Deadline) -> bytes:
    if response.headers.get("Content-Encoding", "").strip().lower() not in _ENCODINGS:
        raise EhrInvalidResponse(f"{request}: the answer's encoding was not asked for: check proxies")
    is_error = response.status_code != 200
    limit = MAX_ERROR_BYTES if is_error else MAX_RESPONSE_BYTES
    body = bounded(response.iter_bytes(), limit=limit, deadline=deadline)
    if body is None and not is_error:
        raise EhrInvalidResponse(f"{request}: an answer over {limit} bytes: make the EHR's pages smaller")
    return body or b""  # of an error only its code is read


def _entry(entry: Any) -> Resource | EhrError:  # noqa: ANN401 - any JSON
    response = entry.get("response") if isinstance(entry, dict) else None
    status = str(response.get("status", ""))[:3] if isinstance(response, dict) else ""
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if status.startswith("2") and isinstance(resource, dict):
        return resource
    outcome = json.dumps(response.get("outcome")).encode() if isinstance(response, dict) else b""
    try:
        check_status(
            int(status) if status.isdigit() and status != "200" else 500,
            request="Batch entry",
            issue_code=issue_code_of(outcome),
        )
    except EhrError as error:
        return error
    raise AssertionError("no status but 200 passes")
