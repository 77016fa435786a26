"""The addresses that belong to one EHR: same origin, below its base path. No other is ever called."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx

from ehr_integration.errors import EhrInvalidResponse
from ehr_integration.fhir.scopes import Scopes

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


@dataclass(frozen=True, kw_only=True)
class FhirEndpoint:
    """Where an EHR answers FHIR, with what credentials, and how long we wait for a whole chart.

    `scopes` are those of the token, None where nobody knows them: then everything is tried. `is_internal` says that its
    host may have a private address. `vendor` is an id of vendors.toml, where the product is known.
    `fhir_version` is the release that it speaks ("4.0", "3.0", "5.0").
    """

    base_url: str
    bearer_token: str | None = field(default=None, repr=False)
    deadline_seconds: float = 5.0
    scopes: Scopes | None = None
    is_internal: bool = True
    vendor: str = ""
    fhir_version: str = "4.0"


def is_bearer_token(value: object) -> bool:
    """Whether an Authorization header may carry the value. Source: RFC 6750, 2.1."""
    return (
        isinstance(value, str)
        and value != ""
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )


def is_fhir_id(value: object) -> bool:
    """Whether the value may be a FHIR id. Source: FHIR R4, datatypes, id (and neither "." nor "..")."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None and value.strip(".") != ""


def resource_url(base_url: str, *parts: str) -> httpx.URL:
    """Return the address of a resource type, or of one resource, below the base."""
    return httpx.URL("/".join([base_url.rstrip("/"), *parts]))


def next_url(base_url: str, *, current: httpx.URL, link: str) -> httpx.URL:
    """Return the address of a searchset's next page.

    Raises: EhrInvalidResponse, where the link leaves the EHR: it would carry our credentials along.
    """
    try:
        url = current.join(link)
    except (httpx.InvalidURL, ValueError):
        raise EhrInvalidResponse("A next page link is not a URL: report it to the EHR's vendor") from None
    if not _is_below(url, httpx.URL(base_url)):
        raise EhrInvalidResponse(
            "A next page link leaves the EHR: FHIR_BASE_URL must be the address that the EHR uses for itself"
        )
    return url


def _is_below(url: httpx.URL, base: httpx.URL) -> bool:
    same_origin = (url.scheme, url.host, _port(url)) == (base.scheme, base.host, _port(base))
    path, root = unquote(url.path), base.path.rstrip("/")
    is_plain = not url.userinfo and ".." not in path.split("/") and "\\" not in path and "%" not in path
    return same_origin and is_plain and (path == root or path.startswith(f"{root}/"))


def _port(url: httpx.URL) -> int | None:
    return url.port or {"http": 80, "https": 443}.get(url.scheme)
