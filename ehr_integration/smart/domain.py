"""What an EHR tells an app when it launches it, and what the app keeps between the two halves of a launch."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Pending:
    """What lies between sending the browser to the EHR and its return, before `ends_at` (seconds since 1970).

    Source: RFC 7636 (PKCE), OpenID Connect (nonce).
    """

    connection: str
    state: str
    verifier: str = field(repr=False)
    nonce: str = field(repr=False)
    ends_at: float

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Return it from what `as_json` gave."""
        return cls(**document)


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """A token response. Times are seconds since 1970; `context` are the launch parameters beside the tokens."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False, default="")
    id_token: str = field(repr=False, default="")
    expires_at: float
    scope: str
    context: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Launch:
    """A launch that succeeded: which EHR, for whom, with what token. It rests sealed in the session.

    `patient` and `encounter` are FHIR ids or empty; `fhir_context` holds further references that the EHR gave;
    `app_context` is what the link of a CDS card passed on.
    """

    id: str
    connection: str
    fhir_user: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False, default="")
    expires_at: float
    scope: str
    patient: str = field(repr=False, default="")
    encounter: str = field(repr=False, default="")
    fhir_context: tuple[str, ...] = field(repr=False, default=())
    need_patient_banner: bool = True
    intent: str = ""
    app_context: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Return it from what `as_json` gave."""
        return cls(**{**document, "fhir_context": tuple(document["fhir_context"])})
