"""Reads and searches one EHR over FHIR R4, within a deadline and within its own addresses."""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from types import TracebackType
from typing import Self

import httpx

from ehr_integration.errors import EhrInvalidResponse, EhrTimeout, EhrUnavailable, PatientNotFound
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.origin import FhirEndpoint, is_fhir_id, next_url, resource_url
from ehr_integration.fhir.responses import Page, Resource, check_resource, check_status, decode, read_page

MAX_RESPONSE_BYTES = 16 * 1024 * 1024
MAX_PAGES = 50
PAUSE_SECONDS = 0.1
_ENCODINGS = frozenset({"", "identity", "gzip", "deflate"})  # others may unpack to any size at once


@dataclass(frozen=True, kw_only=True)
class Searchset:
    """What a search brought: resources in the EHR's order, and whether they are all there are.

    `has_warning` says that the EHR put a warning beside its results.
    """

    resources: tuple[Resource, ...]
    is_complete: bool
    has_warning: bool


@dataclass(frozen=True, kw_only=True)
class _Answer:
    status: int
    retry_after: str
    body: bytes


class FhirClient:
    """A pooled connection to one EHR; a context manager. Safe to share between threads."""

    def __init__(self, endpoint: FhirEndpoint, *, transport: httpx.BaseTransport | None = None) -> None:
        self._endpoint = endpoint
        headers = {"Accept": "application/fhir+json", "Accept-Encoding": "gzip"}
        if endpoint.bearer_token:
            headers["Authorization"] = f"Bearer {endpoint.bearer_token}"
        # Proxies and netrc of the environment would carry patient data elsewhere.
        self._http = httpx.Client(
            headers=headers, verify=_tls(), trust_env=False, follow_redirects=False, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; what is still being read on them fails."""
        self._http.close()

    @property
    def base_url(self) -> str:
        """Where this EHR answers; its absolute references begin with it."""
        return self._endpoint.base_url

    def deadline(self) -> Deadline:
        """Return a deadline for one chart read that starts now."""
        return Deadline.after(self._endpoint.deadline_seconds)

    def read(self, resource_type: str, resource_id: str, *, deadline: Deadline) -> Resource:
        """Return one resource.

        Raises: PatientNotFound, also for a patient id that FHIR does not allow; EhrError.
        """
        request, is_patient = f"{resource_type} read", resource_type == "Patient"
        if not is_fhir_id(resource_id):
            wrong_id = PatientNotFound if is_patient else EhrInvalidResponse
            raise wrong_id(f"{request}: the id is not a FHIR id: check where it comes from")
        url = resource_url(self._endpoint.base_url, resource_type, resource_id)
        answer = self._get(url, request=request, deadline=deadline, is_patient_read=is_patient)
        return check_resource(answer, resource_type=resource_type, resource_id=resource_id, request=request)

    def search(self, resource_type: str, params: Mapping[str, str], *, deadline: Deadline) -> list[Resource]:
        """Return everything that matches or is included, from all pages.

        Raises: EhrInvalidResponse, also beyond MAX_PAGES; EhrError.
        """
        found = self.search_pages(resource_type, params, deadline=deadline)
        if not found.is_complete:
            raise EhrInvalidResponse(
                f"{resource_type} search: more than {MAX_PAGES} pages: enlarge the EHR's pages"
            )
        return list(found.resources)

    def search_pages(self, resource_type: str, params: Mapping[str, str], *, deadline: Deadline) -> Searchset:
        """Return what the first MAX_PAGES pages hold.

        Raises: EhrError.
        """
        request = f"{resource_type} search"
        url = resource_url(self._endpoint.base_url, resource_type).copy_merge_params(dict(params))
        pages: list[Page] = []
        while len(pages) < MAX_PAGES:
            answer = self._get(url, request=request, deadline=deadline)
            pages.append(read_page(answer, resource_type=resource_type, request=request))
            if pages[-1].next_link is None:
                break
            url = next_url(self._endpoint.base_url, current=url, link=pages[-1].next_link)
        return Searchset(
            resources=tuple(resource for page in pages for resource in page.resources),
            is_complete=pages[-1].next_link is None,
            has_warning=any(page.has_warning for page in pages),
        )

    def _get(
        self, url: httpx.URL, *, request: str, deadline: Deadline, is_patient_read: bool = False
    ) -> Resource:
        """Return one answer, asked for a second time where the EHR was busy or the connection broke."""
        try:
            answer: _Answer | None = self._fetch(url, request=request, deadline=deadline)
        except EhrUnavailable:
            answer = None
        if answer is None or answer.status in {429, 503}:
            _pause(answer.retry_after if answer else "", request=request, deadline=deadline)
            answer = self._fetch(url, request=request, deadline=deadline)
        check_status(answer.status, request=request, is_patient_read=is_patient_read)
        return decode(answer.body, request=request)

    def _fetch(self, url: httpx.URL, *, request: str, deadline: Deadline) -> _Answer:
        # `from None`: the causes quote addresses, and those hold patient ids.
        try:
            with self._http.stream("GET", url, timeout=deadline.remaining()) as response:
                return _Answer(
                    status=response.status_code,
                    retry_after=response.headers.get("Retry-After", ""),
                    body=_body(response, request=request, deadline=deadline),
                )
        except httpx.TimeoutException:
            raise EhrTimeout(f"{request}: no answer in time: retry, or raise FHIR_DEADLINE_SECONDS") from None
        except httpx.DecodingError:
            raise EhrInvalidResponse(f"{request}: the answer cannot be unpacked: check proxies") from None
        except httpx.TransportError:
            raise EhrUnavailable(
                f"{request}: cannot reach the EHR: check FHIR_BASE_URL and the network"
            ) from None


@cache
def _tls() -> ssl.SSLContext:
    # Loading the trusted certificates takes longer than a chart read should.
    return httpx.create_ssl_context()


def _body(response: httpx.Response, *, request: str, deadline: Deadline) -> bytes:
    if response.status_code != 200:
        return b""  # error bodies may quote the patient
    if response.headers.get("Content-Encoding", "").strip().lower() not in _ENCODINGS:
        raise EhrInvalidResponse(f"{request}: the answer's encoding was not asked for: check proxies")
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        deadline.remaining()
        if len(body) > MAX_RESPONSE_BYTES:
            raise EhrInvalidResponse(
                f"{request}: an answer over {MAX_RESPONSE_BYTES} bytes: make the EHR's pages smaller"
            )
    return bytes(body)


def _pause(retry_after: str, *, request: str, deadline: Deadline) -> None:
    seconds = _seconds(retry_after)
    if seconds >= deadline.remaining():
        raise EhrUnavailable(f"{request}: the EHR is busy beyond our deadline: retry later")
    time.sleep(seconds)


def _seconds(retry_after: str) -> float:
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        return max(parsedate_to_datetime(retry_after).timestamp() - time.time(), PAUSE_SECONDS)
    except (ValueError, OverflowError):
        return PAUSE_SECONDS
