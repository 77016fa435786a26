"""Single requests to the EHR that is examined: status, headers, document and time, whatever comes back."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from ehr_integration.connections.domain import Connection
from ehr_integration.fhir.addresses import pooled
from ehr_integration.fhir.origin import resource_url
from ehr_integration.fhir.responses import issue_code_of

SECONDS_TO_ANSWER = 8
LARGEST_ANSWER = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer; `status` 0 says that there was none. `document` is empty where it is no JSON object."""

    status: int
    headers: httpx.Headers
    document: Mapping[str, Any]
    milliseconds: float
    issue_code: str = ""
    http_version: str = ""


@dataclass
class Probe:
    """One EHR, with the token that reads of patients need, and a patient to read where one is known."""

    connection: Connection
    token: str = field(default="", repr=False)
    patient_id: str = field(default="", repr=False)
    timings_ms: dict[str, float] = field(default_factory=dict)

    def get(self, *path: str, params: Mapping[str, str] | None = None) -> Reply:
        """Return the answer to a GET below the FHIR base."""
        url = resource_url(self.connection.fhir_base_url, *path).copy_merge_params(dict(params or {}))
        return self.fetch(url, token=self.token)

    def fetch(self, url: httpx.URL | str, *, token: str = "") -> Reply:
        """Return the answer to a GET of an address; no failure raises, and a broken connection is tried once more."""
        reply = self._once(url, token=token)
        return reply if reply.status else self._once(url, token=token)

    def _once(self, url: httpx.URL | str, *, token: str) -> Reply:
        headers = {"Accept": "application/fhir+json, application/json;q=0.9", "Accept-Encoding": "identity"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        begun = time.perf_counter()
        try:
            client = pooled(is_internal=self.connection.is_internal)
            with client.stream("GET", url, headers=headers, timeout=SECONDS_TO_ANSWER) as response:
                body = _bounded(response, give_up_at=begun + SECONDS_TO_ANSWER)
                return Reply(
                    status=response.status_code,
                    headers=response.headers,
                    document=_object(body),
                    milliseconds=1000 * (time.perf_counter() - begun),
                    issue_code=issue_code_of(body) if response.status_code != 200 else "",
                    http_version=response.http_version,
                )
        except (httpx.HTTPError, httpx.InvalidURL):
            return Reply(
                status=0,
                headers=httpx.Headers(),
                document={},
                milliseconds=1000 * (time.perf_counter() - begun),
            )


def _bounded(response: httpx.Response, *, give_up_at: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > LARGEST_ANSWER or time.perf_counter() > give_up_at:
            return b""
    return bytes(body)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
