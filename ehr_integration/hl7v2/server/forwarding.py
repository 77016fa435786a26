"""Hands a message on as a FHIR transaction to one FHIR server, the hospital's own; nothing is kept here."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from audit.hosts import is_loopback
from ehr_integration.errors import EhrInvalidResponse, EhrRefused, EhrTimeout, EhrUnavailable
from ehr_integration.hl7v2.fhir.elements import JsonObject

TIMEOUT_SECONDS = 10.0
FHIR_JSON = "application/fhir+json"


def is_safe_url(url: str) -> bool:
    """Whether patient data may be sent to an address: TLS, or this machine; no account in it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    is_private = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    return bool(host) and is_private and "@" not in parts.netloc and not (parts.query or parts.fragment)


def transaction(resources: Sequence[JsonObject]) -> JsonObject:
    """Return the resources as a transaction that updates each by its id, so that sending it again changes nothing."""
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"resource": each, "request": {"method": "PUT", "url": f"{each['resourceType']}/{each['id']}"}}
            for each in resources
        ],
    }


class Forwarder:
    """A pooled connection to the FHIR server; a context manager, safe to share between threads."""

    def __init__(self, url: str, *, token: str = "", transport: httpx.BaseTransport | None = None) -> None:
        headers = {"Content-Type": FHIR_JSON, "Accept": FHIR_JSON}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._url = url
        # Neither proxies of the environment nor redirects: patient data goes to this address only.
        self._http = httpx.Client(
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def __call__(self, resources: Sequence[JsonObject]) -> None:
        """Send the resources. Raises: EhrError."""
        try:
            with self._http.stream("POST", self._url, json=transaction(resources)) as answer:
                status = answer.status_code  # what it says of the patient is not read
        except httpx.TimeoutException:
            raise EhrTimeout("transaction: no answer within the deadline") from None
        except httpx.HTTPError:
            raise EhrUnavailable("transaction: the FHIR server cannot be reached") from None
        if status in {401, 403}:
            raise EhrRefused("transaction: refused: check the token")
        if not 200 <= status < 300:
            raise EhrInvalidResponse(f"transaction: answered with status {status}")
