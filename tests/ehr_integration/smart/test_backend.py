import pytest

from ehr_integration.chart.domain import Need
from ehr_integration.chart.services import read_chart
from ehr_integration.connections.store import connection_named
from ehr_integration.smart.backend import backend_endpoint, forget_backend_tokens
from ehr_integration.smart.errors import AuthorizationFailed
from tests.ehr_integration.grants import grant_for


@pytest.fixture(autouse=True)
def fresh():
    forget_backend_tokens()
    yield
    forget_backend_tokens()


def test_a_token_is_asked_for_with_our_signature_and_kept_until_shortly_before_its_end(launching):
    launching.server.tokens = {
        "access_token": "b",
        "token_type": "bearer",
        "expires_in": 300,
        "scope": "system/*.rs",
    }
    connection = connection_named("st-mary")
    endpoints = [backend_endpoint(connection) for _ in range(3)]
    assert {endpoint.bearer_token for endpoint in endpoints} == {"b"}
    assert endpoints[0].scopes is not None
    assert endpoints[0].scopes.allows("Condition", "s")
    ((_, form),) = launching.server.forms
    assert form["grant_type"] == "client_credentials"
    assert form["client_assertion"]
    assert "system/Condition.rs" in form["scope"]


def test_a_token_that_is_about_to_end_is_not_used(launching):
    launching.server.tokens = {
        "access_token": "b",
        "token_type": "bearer",
        "expires_in": 5,
        "scope": "system/*.rs",
    }
    for _ in range(2):
        backend_endpoint(connection_named("st-mary"))
    assert len(launching.server.forms) == 2


@pytest.mark.parametrize(
    "tokens",
    [
        {},
        {"access_token": "b"},
        {"access_token": "b", "token_type": "mac"},
        {"access_token": "a b", "token_type": "Bearer"},
    ],
)
def test_what_is_no_bearer_token_is_refused(launching, tokens):
    launching.server.tokens = tokens
    with pytest.raises(AuthorizationFailed):
        backend_endpoint(connection_named("st-mary"))


def test_the_settings_ehr_is_read_as_a_backend_service_where_it_is_registered_so(launching, settings):
    settings.FHIR_BASE_URL, settings.FHIR_BEARER_TOKEN = launching.iss, None
    launching.server.tokens = {
        "access_token": "b",
        "token_type": "bearer",
        "expires_in": 300,
        "scope": "system/*.rs",
    }
    launching.server.documents["/fhir/Patient/p1"] = {"resourceType": "Patient", "id": "p1"}
    assert read_chart(grant_for(), need=Need(categories=frozenset())).patient.id == "p1"
    assert launching.server.seen["/fhir/Patient/p1"] == "Bearer b"
