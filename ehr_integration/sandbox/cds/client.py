"""Calls CDS services as the specification has it: discovery, prefetch, a signed token for each call, feedback.

Source: CDS Hooks 2.0.1.
"""

import asyncio
import re
import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.cds.prefetch import prefetched
from ehr_integration.sandbox.fhir_api import FhirApi
from ehr_integration.sandbox.smart.memory import TOKEN_SECONDS, Context, Memory
from ehr_integration.sandbox.smart.signing import EhrKey

SECONDS_TO_ANSWER, SECONDS_DISCOVERY_KEPT = 10, 30
SCOPE = "patient/*.rs"
SERVICE_ID = re.compile(r"[A-Za-z0-9\-._]{1,100}")


class CdsUnavailable(Exception):
    """The service does not answer, or not as it should; the message is for the page."""


@dataclass(frozen=True, kw_only=True)
class Firing:
    """One hook that fires: where, for whom, about whom, and what the hook adds to the context."""

    hook: str
    origin: str
    session: str
    user: str
    patient: str
    more: Resource


class CdsClient:
    """Calls the services of one address."""

    def __init__(self, api: FhirApi, *, memory: Memory, key: EhrKey, app_url: str) -> None:
        self._api, self._memory, self._key = api, memory, key
        self._address = f"{app_url}/cds-services"
        self._discovered: tuple[float, list[Resource]] = (0.0, [])

    async def cards(self, firing: Firing) -> list[Resource]:
        """Return the cards of all services for a hook, each with the id of its service. Raises: CdsUnavailable."""
        services = [each for each in await self._services(firing.origin) if each.get("hook") == firing.hook]
        answers = await asyncio.gather(*(self._call(service, firing) for service in services))
        return [card for cards in answers for card in cards]

    async def feedback(self, origin: str, service: str, document: Resource) -> None:
        """Tell a service what became of a card. Raises: CdsUnavailable."""
        if not SERVICE_ID.fullmatch(service):
            raise CdsUnavailable("There is no such service.")
        await self._request("POST", f"{self._address}/{service}/feedback", origin, document)

    async def _services(self, origin: str) -> list[Resource]:
        discovered_at, services = self._discovered
        if time.monotonic() - discovered_at > SECONDS_DISCOVERY_KEPT or not services:
            answer = await self._request("GET", self._address, origin)
            services = [
                each for each in answer.get("services", []) if SERVICE_ID.fullmatch(str(each.get("id")))
            ]
            self._discovered = (time.monotonic(), services)
        return services

    async def _call(self, service: Resource, firing: Firing) -> list[Resource]:
        context = Context(session=firing.session, user=firing.user, patient=firing.patient)
        token = self._memory.new_access(
            client_id="cds", scope=SCOPE, context=context, family=str(uuid.uuid4())
        )
        values = {"userId": f"Practitioner/{firing.user}", "patientId": firing.patient, **firing.more}
        request = {
            "hook": firing.hook,
            "hookInstance": str(uuid.uuid4()),
            "fhirServer": f"{firing.origin}/fhir",
            "fhirAuthorization": {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "scope": SCOPE,
                "subject": "cds",
                "patient": firing.patient,
            },
            "context": values,
            "prefetch": prefetched(
                self._api, service.get("prefetch", {}), values, base=f"{firing.origin}/fhir"
            ),
        }
        answer = await self._request("POST", f"{self._address}/{service['id']}", firing.origin, request)
        return [{**card, "service": service["id"]} for card in answer.get("cards", [])]

    async def _request(
        self, method: str, url: str, origin: str, body: Resource | None = None
    ) -> dict[str, Any]:
        headers = {"jku": f"{origin}/.well-known/jwks.json", "typ": "JWT"}
        token = self._key.sign({}, issuer=origin, audience=url, headers=headers)
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=SECONDS_TO_ANSWER) as http:
                answer = await http.request(
                    method, url, json=body, headers={"Authorization": f"Bearer {token}"}
                )
            if answer.status_code != 200:
                raise CdsUnavailable(f"The CDS service answered {answer.status_code}.")
            return dict(answer.json()) if answer.content else {}
        except (httpx.HTTPError, ValueError):
            raise CdsUnavailable("The CDS service does not answer.") from None
