"""One registered EHR: its addresses, our client with it, and what it may call and frame."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class ClientAuthentication(StrEnum):
    """How we prove to an authorization server who we are. Source: SMART App Launch 2.2, section 3.2 (client authentication)."""

    NONE = "none"
    CLIENT_SECRET = "client_secret_basic"  # noqa: S105 - the method's name, not a secret
    PRIVATE_KEY = "private_key_jwt"


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One registered EHR; a line that is empty means that this use of it is not registered.

    `fhir_base_url` is also the SMART `iss`. `client_id` is for launches with a person, `backend_client_id` for backend
    services. `cds_issuer` and `cds_jku` are the only `iss` and key set that a CDS client's tokens may name.
    `frame_origins` are the EHR's pages that may show ours in a frame. `is_internal` lets its host have a private address.
    """

    name: str
    fhir_base_url: str
    vendor: str = ""
    fhir_version: str = "4.0"
    client_id: str = ""
    client_authentication: ClientAuthentication = ClientAuthentication.NONE
    client_secret_file: str = ""
    scopes: str = ""
    backend_client_id: str = ""
    backend_scopes: str = ""
    cds_issuer: str = ""
    cds_jku: str = ""
    frame_origins: tuple[str, ...] = ()
    is_internal: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that belong to this EHR by registration."""
        urls = (self.fhir_base_url, self.cds_jku)
        return frozenset(host for host in (urlsplit(url).hostname for url in urls) if host)


def is_name(text: str) -> bool:
    """Whether the text may name a connection: it stands in account names and in the audit record."""
    return NAME.fullmatch(text) is not None


def same_issuer(one: str, other: str) -> bool:
    """Whether two SMART `iss` values are the same but for a slash at the end."""
    return one.rstrip("/") == other.rstrip("/")
