"""Single requests to the EHR that is examined: status, headers, document and time, whatever comes back."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self

import httpx

from ehr_integration.connections.domain import Connection
from ehr_integration.doctor.replies import NO_REPLY, Reply
from ehr_integration.errors import EhrTimeout
from ehr_integration.fhir.addresses import PinnedTransport
from ehr_integration.fhir.bodies import bounded
from ehr_integration.fhir.capability import Capability
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.json_values import json_object
from ehr_integration.fhir.origin import is_fhir_id, resource_url
from ehr_integration.fhir.responses import issue_code_of

SECONDS_TO_ANSWER = 8.0
SECONDS_FOR_ALL = 90.0
LARGEST_ANSWER = 4 * 1024 * 1024


class OutOfTime(Exception):
    """The whole examination has taken as long as it may."""


@dataclass
class Probe:
    """One EHR, with the token that reads of patients need, and a patient to read where one is known.

    A context manager: its connections are its own, so that one which an EHR keeps waiting ends with the examination.
    `vendor` (an id of vendors.toml), `capability` and `resources` (by category, as the searches brought them) are what
    a check leaves for the next.
    """

    connection: Connection
    token: str = field(default="", repr=False)
    patient_id: str = field(default="", repr=False)
    timings_ms: dict[str, float] = field(default_factory=dict)
    vendor: str = ""
    capability: Capability | None = None
    resources: dict[str, list[dict[str, Any]]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.vendor = self.vendor or self.connection.vendor
        transport = PinnedTransport(is_internal=self.connection.is_internal)
        self._http = httpx.Client(transport=transport, trust_env=False, follow_redirects=False)
        self._ends_at = time.perf_counter() + SECONDS_FOR_ALL

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, *path: str, params: Mapping[str, str] | None = None) -> Reply:
        """Return the answer to a GET below the FHIR base. Raises: OutOfTime."""
        url = resource_url(self.connection.fhir_base_url, *path).copy_merge_params(dict(params or {}))
        return self.fetch(url, token=self.token)

    def read(self, resource_type: str, resource_id: str) -> Reply:
        """Return the answer to the read of a resource; nothing is asked with what is no FHIR id. Raises: OutOfTime."""
        return self.get(resource_type, resource_id) if is_fhir_id(resource_id) else NO_REPLY

    def fetch(self, url: httpx.URL | str, *, token: str = "") -> Reply:
        """Return the answer to a GET of an address, asked once more where the connection broke.

        No failure raises but OutOfTime.
        """
        reply = self._once(url, token)
        return reply if reply.status or reply.is_late else self._once(url, token)

    def _once(self, url: httpx.URL | str, token: str) -> Reply:
        left = self._ends_at - time.perf_counter()
        if left <= 0:
            raise OutOfTime
        seconds = min(SECONDS_TO_ANSWER, left)
        answers: SimpleQueue[Reply] = SimpleQueue()
        # In a thread, since httpx counts its seconds anew with every byte that an EHR sends.
        Thread(target=lambda: answers.put(self._asked(url, token, seconds)), daemon=True).start()
        try:
            return answers.get(timeout=seconds)
        except Empty:
            return Reply(is_late=True, milliseconds=1000 * seconds)

    def _asked(self, url: httpx.URL | str, token: str, seconds: float) -> Reply:
        headers = {"Accept": "application/fhir+json, application/json;q=0.9", "Accept-Encoding": "identity"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        begun, deadline = time.perf_counter(), Deadline.after(seconds)
        try:
            with self._http.stream("GET", url, headers=headers, timeout=seconds) as response:
                first_byte = time.perf_counter() - begun
                body = bounded(response.iter_raw(), limit=LARGEST_ANSWER, deadline=deadline) or b""
                return Reply(
                    status=response.status_code,
                    headers=response.headers,
                    document=json_object(body) or {},
                    milliseconds=1000 * (time.perf_counter() - begun),
                    first_byte_ms=1000 * first_byte,
                    issue_code=issue_code_of(body) if response.status_code != 200 else "",
                )
        except (httpx.TimeoutException, EhrTimeout):
            return Reply(is_late=True, milliseconds=1000 * seconds)
        except Exception:  # noqa: BLE001 - nothing that a hostile server sends may end the examination
            return NO_REPLY
