"""What a bearer token lets its holder see: its scopes, and of a patient's token only that patient.

Source: SMART App Launch 2.2.0, "Scopes for requesting FHIR resources"; RFC 6750 for the refusals.
"""

from collections.abc import Sequence

from starlette.requests import Request

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.outcome import FhirError
from ehr_integration.sandbox.search import matches_pairs
from ehr_integration.sandbox.smart.memory import Memory, Token
from ehr_integration.sandbox.smart.scopes import Granted, rules_for

NOBODYS = frozenset({"Practitioner", "Medication"})  # in no patient's compartment


class Guard:
    """Decides about requests; without a token all is open, unless the server is protected."""

    def __init__(self, memory: Memory, *, is_protected: bool) -> None:
        self._memory, self._is_protected = memory, is_protected

    def token(self, request: Request) -> Token | None:
        """Return the request's token; None where none is needed. Raises: FhirError (401)."""
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if not text and not self._is_protected:
            return None
        token = self._memory.token(text) if kind.lower() == "bearer" else None
        if token is None:
            raise FhirError(
                401,
                "login",
                "A bearer token is needed that is known, not expired and not revoked.",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        return token

    def check_read(self, token: Token | None, resource: Resource) -> None:
        """Return where the token may read the resource. Raises: FhirError (403, or 404 for another patient's)."""
        if token is None:
            return
        rules = self._rules(token, resource["resourceType"], "r")
        if not any(_may_see(rule, token, resource) for rule in rules):
            raise FhirError(404, "not-found", "No resource of this type has this id: search for it.")

    def visible(self, token: Token | None, resource_type: str, found: Sequence[Resource]) -> list[Resource]:
        """Return what of a search the token may see. Raises: FhirError (403)."""
        if token is None:
            return list(found)
        rules = self._rules(token, resource_type, "s")
        return [resource for resource in found if any(_may_see(rule, token, resource) for rule in rules)]

    def _rules(self, token: Token, resource_type: str, letter: str) -> list[Granted]:
        rules = rules_for(token.scope, resource_type, letter)
        if not rules:
            raise FhirError(
                403,
                "forbidden",
                f"The token has no scope for {resource_type}.{letter}.",
                headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'},
            )
        return rules


def _may_see(rule: Granted, token: Token, resource: Resource) -> bool:
    if rule.query and not matches_pairs(resource, rule.query):
        return False
    return (
        rule.context != "patient"
        or resource["resourceType"] in NOBODYS
        or owner_of(resource) == token.context.patient
    )


def owner_of(resource: Resource) -> str:
    """Return the id of the patient whose compartment holds the resource."""
    if resource["resourceType"] == "Patient":
        return str(resource["id"])
    reference = resource.get("subject") or resource.get("patient") or {}
    return str(reference.get("reference", "")).removeprefix("Patient/")
