"""Requests to one EHR under way at the same time, within one deadline."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from ehr_integration.errors import EhrTimeout
from ehr_integration.fhir.client import FhirClient
from ehr_integration.fhir.origin import FhirEndpoint

CONNECTIONS = 6
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Requests:
    """Starts requests, and waits for their answers no longer than the deadline that began with it."""

    def __init__(self, endpoint: FhirEndpoint) -> None:
        self._client = FhirClient(endpoint)
        self._pool = ThreadPoolExecutor(max_workers=CONNECTIONS, thread_name_prefix="ehr")
        self._started: list[Future[Any]] = []
        self._seconds = endpoint.deadline_seconds
        self.deadline = self._client.deadline()

    def start(
        self, ask: Callable[Concatenate[FhirClient, Given], Answer], *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Answer]:
        """Return the answer to come of a function that is given the client first."""
        future = self._pool.submit(ask, self._client, *args, **kwargs)
        self._started.append(future)
        return future

    def result(self, future: Future[Answer]) -> Answer:
        """Return an answer.

        Raises: EhrTimeout at the deadline, and what the request raises.
        """
        try:
            return future.result(timeout=self.deadline.remaining())
        except TimeoutError:
            raise EhrTimeout(
                "The EHR did not answer in time: retry, or raise FHIR_DEADLINE_SECONDS"
            ) from None

    def close(self) -> None:
        """Let what is under way end, for as long as a deadline lasts, then hang up."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        wait([future for future in self._started if not future.cancelled()], timeout=self._seconds)
        self._client.close()


@contextmanager
def requests_to(endpoint: FhirEndpoint) -> Iterator[Requests]:
    """Give requests to an EHR, and hang up afterwards; an error does not wait for those under way."""
    requests = Requests(endpoint)
    try:
        yield requests
    except BaseException:
        threading.Thread(target=requests.close, name="ehr-close", daemon=True).start()
        raise
    requests.close()
