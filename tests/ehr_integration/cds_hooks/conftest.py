"""Two registered EHRs that call as CDS clients, with their key sets on the loopback."""

import json
from types import SimpleNamespace

import pytest

from ehr_integration.jws.key_sets import forget_key_sets
from tests.ehr_integration.ehr import LoopbackEhr, serving
from tests.ehr_integration.jws.signing import EC, OTHER_EC, RSA, claims, jwk, token

ENDPOINT = "https://tacit.example.org/cds-services/tacit-orders"
ISSUER, OTHER_ISSUER = "https://ehr.example.org", "https://other-ehr.example.org"


class Clients(SimpleNamespace):
    """The file of registered EHRs, and tokens as their clients sign them."""

    server: LoopbackEhr

    @property
    def jku(self) -> str:
        return f"{self.server.base_url}/jwks"

    def sign(self, *, header=None, key=EC, algorithm="ES384", kid="one", **changes):
        made = token(
            claims(**{"aud": ENDPOINT, **changes}), key=key, algorithm=algorithm, kid=kid, **(header or {})
        )
        return f"Bearer {made}"


@pytest.fixture
def clients(settings, tmp_path):
    forget_key_sets()
    sets = {
        "/fhir/jwks": [jwk(EC, "one", "ES384"), jwk(RSA, "two", "RS384")],
        "/fhir/other-jwks": [jwk(OTHER_EC, "one", "ES384")],
    }

    def answer(path, query):
        if path not in sets:
            return 404, {}, b""
        return 200, {"Cache-Control": "max-age=60"}, json.dumps({"keys": sets[path]}).encode()

    with serving(answer) as server:
        settings.TACIT_EHRS = tmp_path / "ehrs.toml"
        settings.TACIT_EHRS.write_text(
            "\n".join(
                f"""
                [{name}]
                fhir_base_url = "{server.base_url}/{name}"
                cds_issuer = "{issuer}"
                cds_jku = "{server.base_url}/{keys}"
                is_internal = true
                """
                for name, issuer, keys in (
                    ("north", ISSUER, "jwks"),
                    ("south", OTHER_ISSUER, "other-jwks"),
                )
            )
        )
        yield Clients(server=server, sets=sets)
