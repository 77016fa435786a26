"""A registered EHR that calls as CDS Hooks has it: signed for each address, prefetch filled from the demo patients."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from clinical.cds_services.demotion import forget_standings
from ehr_integration.jws.key_sets import forget_key_sets
from ehr_integration.sandbox.cds.orders import draft_order
from ehr_integration.sandbox.cds.prefetch import prefetched
from ehr_integration.sandbox.fhir_api import FhirApi
from ehr_integration.sandbox.smart.guard import Guard
from ehr_integration.sandbox.smart.memory import Memory
from ehr_integration.sandbox.store import load_store
from tests.ehr_integration.ehr import serving
from tests.ehr_integration.jws.signing import EC, claims, jwk, token

ISSUER = "https://ehr.example.org"
BASE = "https://ehr.example.org/fhir"


@pytest.fixture(scope="session")
def fhir_api() -> FhirApi:
    return FhirApi(load_store(), page_size=100, guard=Guard(Memory(), is_protected=False))


class CdsEhr:
    """One EHR as a CDS client."""

    def __init__(self, base_url: str, api: FhirApi) -> None:
        self.base_url, self.api, self.client = base_url, api, Client()

    def headers(self, path: str, **changes: Any) -> dict[str, str]:
        made = token(claims(iss=ISSUER, aud=f"{self.base_url}{path}", **changes))
        return {"Authorization": f"Bearer {made}"}

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self.headers(path))

    def post(self, path: str, document: Any, **changes: Any) -> Any:
        body = document if isinstance(document, bytes) else json.dumps(document)
        return self.client.post(
            path, body, content_type="application/json", headers=self.headers(path, **changes)
        )

    def request(self, hook: str, patient: str, *, order: str = "", **changes: Any) -> dict[str, Any]:
        context: dict[str, Any] = {"userId": "Practitioner/alma", "patientId": patient}
        if hook == "encounter-start":
            context["encounterId"] = "e1"
        if order:
            draft = draft_order(order, patient=patient, user="alma")
            context["draftOrders"] = {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [{"resource": draft}],
            }
            if hook == "order-select":
                context["selections"] = [f"MedicationRequest/{draft['id']}"]
        (service,) = [each for each in self.get("/cds-services").json()["services"] if each["hook"] == hook]
        return {
            "hook": hook,
            "hookInstance": str(uuid.uuid4()),
            "fhirServer": BASE,
            "context": context,
            "prefetch": prefetched(self.api, service["prefetch"], context, base=BASE),
            **changes,
        }

    def call(self, hook: str, patient: str, **more: Any) -> Any:
        return self.post(f"/cds-services/tacit-{hook}", self.request(hook, patient, **more))

    def cards(self, hook: str, patient: str, **more: Any) -> list[dict[str, Any]]:
        response = self.call(hook, patient, **more)
        assert response.status_code == 200, response.content
        return list(response.json()["cards"])


@pytest.fixture
def ehr(settings: Any, tmp_path: Any, redis_server: None, cast: Any, fhir_api: FhirApi) -> Iterator[CdsEhr]:
    forget_key_sets()
    forget_standings()
    settings.RUNS_SANDBOX = False
    settings.TACIT_EHRS = tmp_path / "ehrs.toml"
    keys = json.dumps({"keys": [jwk(EC, "one", "ES384")]}).encode()
    with serving(lambda path, query: (200, {"Cache-Control": "max-age=60"}, keys)) as server:
        settings.TACIT_EHRS.write_text(
            f'[st-mary]\nfhir_base_url = "{BASE}"\ncds_issuer = "{ISSUER}"\ncds_jku = "{server.base_url}"\nis_internal = true\n'
        )
        yield CdsEhr(settings.TACIT_BASE_URL, fhir_api)
    forget_standings()
