"""A browser that an EHR launches, and the registered EHR behind it."""

from urllib.parse import parse_qs, urlsplit

import pytest
import tomlkit
from django.conf import settings
from django.test import Client

from ehr_integration.jws.key_sets import forget_key_sets
from ehr_integration.smart.discovery import forget_configurations
from tests.ehr_integration.smart.authorization_server import CLIENT, authorization_server


class Launching:
    """One browser and one EHR."""

    def __init__(self, server):
        self.server, self.browser = server, Client()
        self.iss = f"{server.url}/fhir"

    def register(self, **changes):
        """Write the EHR down anew."""
        lines = {
            "fhir_base_url": self.iss,
            "client_id": CLIENT,
            "client_authentication": "private_key_jwt",
            "backend_client_id": "tacit-backend",
            "frame_origins": ["https://ehr.example.org"],
            "is_internal": True,
            **changes,
        }
        settings.TACIT_EHRS.write_text(tomlkit.dumps({"st-mary": lines}))

    def begin(self, **params):
        """Return the response to a launch, and the query that the browser takes to the EHR."""
        response = self.browser.get("/smart/launch", {"iss": self.iss, "launch": "abc", **params})
        query = parse_qs(urlsplit(response.get("Location", "")).query)
        return response, {name: values[0] for name, values in query.items()}

    def come_back(self, asked, *, identity=None, **params):
        """Return the response to the browser's return with a code."""
        self.server.tokens["id_token"] = self.server.id_token(**{"nonce": asked["nonce"], **(identity or {})})
        answer = {"code": "code-1", "state": asked["state"], "iss": self.server.url, **params}
        return self.browser.get(
            "/smart/callback",
            {name: value for name, value in answer.items() if value is not None},
            secure=settings.SESSION_COOKIE_SECURE,
        )

    def launched(self, **identity):
        _, asked = self.begin()
        return self.come_back(asked, identity=identity)


@pytest.fixture
def launching(db, settings, tmp_path, redis_server):
    forget_configurations()
    forget_key_sets()
    settings.RUNS_SANDBOX = False
    settings.TACIT_EHRS = tmp_path / "ehrs.toml"
    settings.TACIT_CLIENT_KEYS = tmp_path / "keys"
    with authorization_server() as server:
        launching = Launching(server)
        launching.register()
        yield launching
