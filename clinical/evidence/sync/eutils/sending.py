"""One request to the E-utilities: paced, tried again where that may help, and read up to a limit.

Everything goes as a form in the body (POST), so that neither query nor API key stands in an address that proxies log.
"""

import logging
import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx

from clinical.evidence.sync.errors import AnswerUnusable, EutilsRefused, EutilsUnreachable, EutilsUntrusted
from clinical.evidence.sync.eutils.answers import Passing, check_no_error
from clinical.evidence.sync.eutils.pace import WINDOW_SECONDS, Pace

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How patient a request is, and how much it reads."""

    attempts: int = 6
    connect_seconds: float = 10
    silence_seconds: float = 30
    request_seconds: float = 90
    first_pause_seconds: float = 1
    longest_pause_seconds: float = 60
    longest_asked_pause_seconds: float = 300
    largest_bytes: int = 128 * 1024 * 1024


@dataclass(frozen=True)
class Sender:
    """Sends forms to the tools of one E-utilities server."""

    client: httpx.Client
    address: str
    pace: Pace
    limits: Limits

    def send(self, tool: str, form: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        """Post the form until `read` makes something of the answer, and return that.

        Raises: EutilsError, PaceUnavailable; what `read` raises, but for Passing, which means another try.
        """
        for attempt in range(1, self.limits.attempts + 1):
            try:
                return read(self._answer(tool, form))
            except Passing as fault:
                if attempt == self.limits.attempts or self._is_too_long(fault):
                    raise _unreachable(fault, attempt) from None
                logger.warning("%s: %s; trying again", tool, fault.what)
                self._wait(attempt, fault)
        raise AssertionError("there is at least one attempt")

    def _answer(self, tool: str, form: Mapping[str, str]) -> bytes:
        with self.pace.place():
            try:
                with self.client.stream("POST", f"{self.address}{tool}.fcgi", data=dict(form)) as response:
                    body = self._body(response)
            except httpx.TransportError as error:
                _check_trusted(error)
                raise Passing(f"the connection failed ({type(error).__name__})") from None
            except httpx.DecodingError:
                raise Passing("its answer was cut short") from None
        _check_status(response, body)
        return body

    def _body(self, response: httpx.Response) -> bytes:
        give_up_at = time.monotonic() + self.limits.request_seconds
        pieces, size = [], 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > self.limits.largest_bytes:
                raise AnswerUnusable(
                    f"NCBI's answer is larger than {self.limits.largest_bytes:,} bytes. Try again; if it stays so, tell "
                    "the maintainers"
                )
            if time.monotonic() > give_up_at:
                raise Passing(f"its answer took longer than {self.limits.request_seconds:g} s")
            pieces.append(piece)
        return b"".join(pieces)

    def _is_too_long(self, fault: Passing) -> bool:
        return (
            fault.pause_seconds is not None and fault.pause_seconds > self.limits.longest_asked_pause_seconds
        )

    def _wait(self, attempt: int, fault: Passing) -> None:
        ceiling = self.limits.first_pause_seconds * 2 ** (attempt - 1)
        pause = min(random.uniform(ceiling / 2, ceiling), self.limits.longest_pause_seconds)  # noqa: S311 - no secret
        if fault.pause_seconds is not None:
            self.pace.rest(fault.pause_seconds)  # for every worker
            pause = max(pause, fault.pause_seconds)
        time.sleep(pause)


def new_client(limits: Limits, *, is_here: bool) -> httpx.Client:
    """Return an HTTP client that follows no redirect and trusts verified certificates only."""
    return httpx.Client(
        timeout=httpx.Timeout(limits.silence_seconds, connect=limits.connect_seconds),
        follow_redirects=False,
        # A hospital's proxy and certificates count, but never between this machine and itself.
        trust_env=not is_here,
        headers={"User-Agent": "tacit"},
        limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
    )


def _check_status(response: httpx.Response, body: bytes) -> None:
    status = response.status_code
    if status == httpx.codes.OK:
        return
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise Passing(f"it answered {status}", pause_seconds=_asked_pause(response) or WINDOW_SECONDS)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Passing(f"it answered {status}", pause_seconds=_asked_pause(response))
    if status == httpx.codes.REQUEST_TIMEOUT:
        raise Passing(f"it answered {status}")
    if response.has_redirect_location or response.is_redirect:
        raise EutilsRefused("The server redirects, which is not followed. Check TACIT_EUTILS_URL")
    if status == httpx.codes.BAD_REQUEST:
        check_no_error(body)
    raise EutilsRefused(
        f"The server answered {status}. Check TACIT_EUTILS_URL, and the query in PubMed itself"
    )


def _asked_pause(response: httpx.Response) -> float | None:
    """Return how long the server asks to wait: seconds, or until a date. Source: RFC 9110, 10.2.3."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _check_trusted(error: Exception | None) -> None:
    """Raise EutilsUntrusted where the connection failed over the certificate."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            raise EutilsUntrusted(
                "Nothing was sent: the server's certificate is not valid for it. Check TACIT_EUTILS_URL, and whether a "
                "proxy's authority is missing from SSL_CERT_FILE"
            ) from None
        error = error.__cause__ or error.__context__  # type: ignore[assignment]  # a BaseException at most


def _unreachable(fault: Passing, attempts: int) -> EutilsUnreachable:
    return EutilsUnreachable(
        f"NCBI gave no usable answer in {attempts} tries: {fault.what}. What was fetched is kept; the same command goes on"
    )
