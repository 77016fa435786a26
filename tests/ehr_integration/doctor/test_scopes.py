"""What our backend client was granted, asked of a real token endpoint on the loopback."""

import pytest

from ehr_integration.connections.domain import Connection
from ehr_integration.doctor.domain import Severity
from ehr_integration.doctor.examining import examine
from ehr_integration.smart.scopes import clinical_scopes
from tests.ehr_integration.doctor.healthy import METADATA, codes, examined, of_code
from tests.ehr_integration.smart.authorization_server import authorization_server

NEEDED = clinical_scopes("system")


@pytest.fixture
def granted(settings, tmp_path):
    """Give a function that examines an EHR whose token endpoint grants these scopes."""
    settings.TACIT_CLIENT_KEYS = tmp_path / "keys"
    with authorization_server() as server:
        server.documents = {"/fhir/metadata": METADATA}

        def examine_with(scope, *, status=200):
            server.status, server.tokens["scope"] = status, scope
            connection = Connection(
                name="x",
                fhir_base_url=f"{server.url}/fhir",
                backend_client_id="tacit-backend",
                is_internal=True,
            )
            return examine(connection, patient_id="p1"), server

        yield examine_with


@pytest.mark.parametrize("scope", [NEEDED, "system/*.rs", "system/*.read", f"{NEEDED} openid"])
def test_all_that_the_chart_needs_is_enough(granted, scope):
    found, server = granted(scope)
    assert "scopes" in codes(found, Severity.OK)
    assert not {"scopes-missing", "scopes-too-many"} & codes(found)
    assert server.seen["/fhir/Condition"] == "Bearer access-1"


def test_what_is_missing_is_named(granted):
    found, _ = granted(NEEDED.replace("system/Condition.rs", "system/Condition.r"))
    assert "system/Condition.s" in of_code(found, "scopes-missing").tell


def test_the_scopes_of_a_person_are_not_those_of_a_service(granted):
    assert "scopes-missing" in codes(granted(NEEDED.replace("system/", "patient/"))[0], Severity.ERROR)


@pytest.mark.parametrize("scope", ["system/Condition.cruds", "system/Coverage.rs", "system/*.*"])
def test_what_is_too_much_is_named(granted, scope):
    found, _ = granted(f"{NEEDED} {scope}")
    assert scope.removesuffix(".*").partition(".")[0] in of_code(found, "scopes-too-many").tell


def test_what_the_ehr_team_has_just_changed_shows_at_once(granted):
    assert "scopes-missing" in codes(granted("system/Patient.rs")[0])
    assert "scopes-missing" not in codes(granted(NEEDED)[0])


def test_a_client_that_is_refused_is_told_with_what_it_needs(granted):
    found, _ = granted(NEEDED, status=400)
    finding = of_code(found, "scopes-no-token")
    assert NEEDED in finding.tell
    assert "/.well-known/jwks.json" in finding.tell
    assert finding.severity is Severity.ERROR


def test_without_a_backend_client_or_with_a_token_given_nothing_is_asked():
    assert "scopes-not-asked" in codes(examined())
    assert "scopes-unknown" in codes(examined(token="given", more={"backend_client_id": "x"}))
