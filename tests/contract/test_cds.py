"""Medplum's client, which others wrote, discovers our services, fills their prefetch, calls, and understands the cards."""

import json
import shutil
import subprocess

import pytest

from ehr_integration.cds_hooks.invariants import check_request, check_response, check_services
from tests.contract.conftest import HERE, MEDPLUM
from tests.ehr_integration.ehr import serving
from tests.ehr_integration.jws.signing import EC, claims, jwk, token

ISSUER = "https://medplum.example.org"
SERVICE = "tacit-patient-view"


@pytest.fixture
def registered(product):
    """The product, with an EHR registered whose key is the test's."""
    keys = json.dumps({"keys": [jwk(EC, "one", "ES384")]}).encode()
    with serving(lambda path, query: (200, {"Cache-Control": "max-age=60"}, keys)) as server:
        file = product.home / "state" / "ehrs.toml"
        file.write_text(
            f'[medplum]\nfhir_base_url = "https://medplum.example.org/fhir"\ncds_issuer = "{ISSUER}"\n'
            f'cds_jku = "{server.base_url}"\nis_internal = true\n'
        )
        yield product
        file.unlink()


def signed(url):
    return token(claims(iss=ISSUER, aud=url))


def test_medplum_calls_our_service_and_understands_the_cards(registered):
    node = shutil.which("node")
    if node is None or not MEDPLUM.is_file():
        pytest.skip("Node.js or the npm packages are missing: `make contract`")
    services = f"{registered.url}/cds-services"
    settings = {
        "core": str(MEDPLUM),
        "fhir_origin": f"http://127.0.0.1:{registered.environment['TACIT_SANDBOX_PORT']}/",
        "cds_services": services,
        "service": SERVICE,
        "patient": "af-ckd",
        "tokens": {services: signed(services), f"{services}/{SERVICE}": signed(f"{services}/{SERVICE}")},
    }
    done = subprocess.run(
        [node, str(HERE / "cds_client.cjs")],
        input=json.dumps(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert check_services({"services": found["services"]}) == []
    assert check_request(found["request"]) == []
    assert check_response(found["response"]) == []
    assert found["request"]["prefetch"]["patient"]["id"] == "af-ckd"
    assert len(found["request"]["prefetch"]["laboratory"]["entry"]) > 20
    (card,) = found["response"]["cards"]
    assert card["summary"].startswith("Atrial fibrillation on warfarin with labile INR")
