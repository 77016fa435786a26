"""What an AuditEvent says besides the event itself: the request, the other system, the duties it starts."""

import re
from dataclasses import dataclass

from audit.balp.errors import EventInvalid

# Source: FHIR R4, 2.24 (ids) and 2.3.0.1 (relative references, with a version).
REFERENCE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}(/_history/[A-Za-z0-9\-.]{1,64})?")
TOKEN_TAIL_LENGTH = 32


@dataclass(frozen=True, kw_only=True)
class Context:
    """Everything is optional; a profile is claimed only where what it demands is there.

    `peer` is the other system: the EHR that is read, whoever receives or sends a disclosure. `query` is the raw
    search request (PHI; it is written only into an event about a patient). `token_tail` comes from `token_tail()`.
    """

    interaction: str = ""
    object: str = ""
    query: str = ""
    request_id: str = ""
    client_address: str = ""
    peer: str = ""
    peer_address: str = ""
    organization: str = ""
    consent: str = ""
    authorizer: str = ""
    token_id: str = ""
    token_tail: str = ""
    specialty: str = ""
    reviewer: str = ""
    review_due: str = ""

    def __post_init__(self) -> None:
        """Raise EventInvalid for what no AuditEvent may carry."""
        for name in ("object", "consent", "authorizer"):
            value = getattr(self, name)
            if value and not REFERENCE.fullmatch(value):
                raise EventInvalid(f"{name} is no relative FHIR reference: write it as Type/id")
        if len(self.token_tail) > TOKEN_TAIL_LENGTH:
            raise EventInvalid("token_tail is longer than 32 characters: take it from token_tail(token)")
        if self.token_id and self.token_tail:
            raise EventInvalid("A token is named by its jti or by its tail: leave one out")
        if "\0" in self.query:
            raise EventInvalid(
                "query holds a NUL, which no HTTP request target can: pass it as it was received"
            )


NO_CONTEXT = Context()


def token_tail(token: str) -> str:
    """Return the end of an opaque access token: 32 characters, of a short token its second half.

    Enough to find the token's events, and useless to whoever reads it. Source: IHE BALP, OAUTHaccessTokenUse.Opaque.
    """
    length = min(TOKEN_TAIL_LENGTH, len(token) // 2)
    return token[len(token) - length :]
