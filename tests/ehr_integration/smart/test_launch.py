import base64
import hashlib
import hmac
import json
import logging
import time

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session

from audit.errors import AuditUnavailable
from audit.services import BEGINNING_OF_TIME, recorded_since
from compliance.access.models import Account, CareRelationship
from ehr_integration.smart import launching as launching_module
from ehr_integration.smart.session_store import SEALED
from ehr_integration.smart.sessions import endpoint_of
from tests.conftest import free_port
from tests.ehr_integration.jws.signing import EC, OTHER_EC, claims, token, unsigned
from tests.ehr_integration.smart.authorization_server import CLIENT
from tests.ehr_integration.smart.launched import SECRETS, launch_in

PLACE = "st-mary:Practitioner/alma"


def test_a_launch_from_the_record_signs_its_user_in(launching):
    response, asked = launching.begin()
    assert response.status_code == 302
    assert (asked["aud"], asked["client_id"], asked["launch"]) == (launching.iss, CLIENT, "abc")
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 43
    back = launching.come_back(asked)
    assert (back.status_code, back["Location"]) == (302, "/ask")
    account = Account.objects.get(username=PLACE)
    assert CareRelationship.objects.get(clinician=account).patient_id == "af-ckd"
    launch = launch_in(launching.browser)
    assert (launch.patient, launch.encounter, launch.need_patient_banner) == ("af-ckd", "e1", False)
    assert launch.fhir_context == ("Encounter/e1",)
    assert launch.app_context == '{"question": "af-anticoagulation"}'


def test_the_code_is_exchanged_with_the_verifier_and_our_signature(launching):
    _, asked = launching.begin()
    launching.come_back(asked)
    ((path, form),) = launching.server.forms
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
    assert 43 <= len(form["code_verifier"]) <= 128
    keys = launching.browser.get("/.well-known/jwks.json").json()["keys"]
    header = jwt.get_unverified_header(form["client_assertion"])
    key = next(jwt.PyJWK(key) for key in keys if key["kid"] == header["kid"])
    proven = jwt.decode(
        form["client_assertion"], key, algorithms=["ES384"], audience=f"{launching.server.url}/token"
    )
    assert (proven["iss"], proven["sub"]) == (CLIENT, CLIENT)
    assert proven["exp"] - time.time() <= 300


@pytest.mark.parametrize(
    "iss", ["https://evil.example.org/fhir", "", "{iss}/x", "{iss}?", "{iss}#a", "{iss}//"]
)
def test_an_unregistered_iss_goes_no_further_and_is_not_quoted(launching, iss):
    iss = iss.format(iss=launching.iss)
    if iss == launching.iss + "//":
        iss = launching.iss.replace("http://", "http://evil.example.org@")
    response, _ = launching.begin(iss=iss)
    assert response.status_code == 400
    assert "evil" not in response.content.decode()


def test_a_launch_without_its_parameter_goes_no_further(launching):
    assert launching.begin(launch="")[0].status_code == 400
    assert launching.begin(launch="x" * 5_000)[0].status_code == 400


def test_a_server_without_pkce_or_with_plain_only_is_refused(launching):
    launching.server.configuration["code_challenge_methods_supported"] = ["plain"]
    assert launching.begin()[0].status_code == 400


@pytest.mark.parametrize("name", ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_a_server_that_does_not_name_what_a_launch_needs_is_refused_before_it(launching, name):
    del launching.server.configuration[name]
    response, _ = launching.begin()
    assert response.status_code == 400
    assert name in response.content.decode()


def test_an_endpoint_in_the_clear_is_refused(launching):
    launching.server.configuration["token_endpoint"] = "http://ehr.example.org/token"
    assert launching.begin()[0].status_code == 400


def refused(launching, response):
    assert response.status_code in (400, 403, 502, 503)
    assert "_auth_user_id" not in launching.browser.session
    return response.content.decode()


def test_another_state_is_refused(launching):
    _, asked = launching.begin()
    refused(launching, launching.come_back(asked, state="x" * 43))
    refused(launching, launching.come_back(asked, state=None))
    assert launching.server.forms == []


def test_a_state_is_good_once(launching):
    _, asked = launching.begin()
    cookie = launching.browser.cookies["tacit_launch"].value
    launching.come_back(asked)
    launching.browser.cookies.clear()
    launching.browser.cookies["tacit_launch"] = cookie
    refused(launching, launching.come_back(asked))
    assert len(launching.server.forms) == 1


def test_a_return_to_another_browser_is_refused(launching):
    _, asked = launching.begin()
    launching.browser.cookies.clear()
    refused(launching, launching.come_back(asked))


def test_a_launch_that_took_too_long_is_refused_whatever_the_browser_kept(launching, monkeypatch):
    monkeypatch.setattr(launching_module, "SECONDS_TO_RETURN", -1)
    _, asked = launching.begin()
    monkeypatch.undo()
    cookie = launching.browser.cookies
    assert "too long" in refused(launching, launching.come_back(asked))
    assert launching.server.forms == []
    assert cookie["tacit_launch"].value == ""


def test_a_code_that_was_used_is_refused_by_the_ehr_and_told(launching):
    launching.launched()
    launching.browser.cookies.clear()
    launching.server.status, launching.server.tokens = 400, {"error": "invalid_grant"}
    assert "invalid_grant" in refused(launching, launching.launched())


def test_the_redirect_uri_is_ours_to_the_letter_both_times(launching, settings):
    _, asked = launching.begin()
    launching.come_back(asked)
    ((_, form),) = launching.server.forms
    assert asked["redirect_uri"] == form["redirect_uri"] == f"{settings.TACIT_BASE_URL}/smart/callback"


@pytest.mark.parametrize("patient", [17, "../Patient/other", ["af-ckd"], {"id": "af-ckd"}])
def test_a_patient_who_is_no_id_is_refused_and_not_read_as_none(launching, patient):
    launching.server.tokens["patient"] = patient
    refused(launching, launching.launched())


@pytest.mark.parametrize("patient", [None, ""])
def test_a_launch_without_a_patient_opens_none(launching, patient):
    launching.server.tokens["patient"] = patient
    launching.launched()
    assert launch_in(launching.browser).patient == ""
    assert not CareRelationship.objects.exists()


def test_a_mix_up_is_told_by_the_issuer(launching):
    _, asked = launching.begin()
    refused(launching, launching.come_back(asked, iss="https://other.example.org"))
    _, asked = launching.begin()
    refused(launching, launching.come_back(asked, iss=None))
    assert launching.server.forms == []


def test_what_the_ehr_answers_in_place_of_a_code_is_told_in_our_words(launching):
    _, asked = launching.begin()
    page = refused(
        launching, launching.come_back(asked, code=None, error="access_denied", error_description="<b>Ann")
    )
    assert "access denied" in page
    assert "Ann" not in page
    _, asked = launching.begin()
    assert "Ann" not in refused(launching, launching.come_back(asked, code=None, error="Ann"))


def test_a_token_endpoint_that_refuses_is_told_by_its_code(launching):
    launching.server.status = 400
    launching.server.tokens = {"error": "invalid_grant", "error_description": "Ann"}
    _, asked = launching.begin()
    page = refused(launching, launching.come_back(asked))
    assert "invalid_grant" in page
    assert "Ann" not in page


@pytest.mark.parametrize(
    "identity",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": "\u00e9"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"iss": "https://other.example.org"},
        {"exp": int(time.time()) - 100},
        {"fhirUser": "https://other.example.org/fhir/Practitioner/alma"},
        {"fhirUser": None},
        {"fhirUser": "Practitioner/alma/../../x"},
        {"fhirUser": "Practitioner/.."},
    ],
)
def test_a_word_about_the_user_that_is_not_for_this_launch_is_refused(launching, identity):
    refused(launching, launching.launched(**identity))
    assert not Account.objects.exists()


def signed_with_public_key(payload):
    """A token as of an attacker who takes the EHR's public key for a shared secret."""
    public = EC.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = b".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "kid": "one"}, payload)
    )
    mac = base64.urlsafe_b64encode(hmac.digest(public, parts, "sha256")).rstrip(b"=")
    return (parts + b"." + mac).decode()


@pytest.mark.parametrize("kind", ["none", "foreign", "symmetric", "no-key-id", "missing"])
def test_a_word_that_is_not_the_ehr_s_is_refused(launching, kind):
    _, asked = launching.begin()
    made = claims(iss=launching.server.url, aud=CLIENT, nonce=asked["nonce"], fhirUser="Practitioner/alma")
    forged = {
        "none": unsigned({"alg": "none", "kid": "one"}, made),
        "foreign": token(made, key=OTHER_EC),
        "symmetric": signed_with_public_key(made),
        "no-key-id": token(made, kid=""),
        "missing": "",
    }
    launching.server.tokens["id_token"] = forged[kind]
    params = {"code": "c", "state": asked["state"], "iss": launching.server.url}
    refused(launching, launching.browser.get("/smart/callback", params))


@pytest.mark.parametrize("user", ["Patient/af-ckd", "RelatedPerson/1"])
def test_a_patient_who_launches_is_no_clinician(launching, user):
    assert launching.launched(fhirUser=user).status_code == 403
    assert not Account.objects.exists()


def test_who_signed_in_by_a_launch_is_in_the_record(launching):
    launching.launched()
    events = [row.event for row in recorded_since(BEGINNING_OF_TIME)]
    assert [(event.action, event.actor) for event in events] == [("change-roles", PLACE), ("sign-in", PLACE)]


def test_without_the_record_nobody_signs_in_and_nobody_comes_into_care(launching, monkeypatch):
    def unavailable(event):
        raise AuditUnavailable("no disk")

    monkeypatch.setattr("compliance.access.sign_in.append", unavailable)
    response = launching.launched()
    assert response.status_code == 503
    assert "no disk" not in refused(launching, response)
    assert not CareRelationship.objects.exists()


def test_scopes_that_were_not_asked_for_are_not_used(launching):
    launching.server.tokens["scope"] = "patient/Patient.rs user/*.cruds patient/Condition.cruds system/*.rs"
    launching.launched()
    assert launch_in(launching.browser).scope.split() == [
        "patient/Patient.rs",
        "patient/Condition.rs",
    ]


def test_where_nothing_was_granted_that_we_asked_for_nothing_is_tried(launching):
    launching.server.tokens["scope"] = "openid user/*.cruds"
    launching.launched()
    scopes = endpoint_of(launch_in(launching.browser)).scopes
    assert scopes is not None
    assert not scopes.allows("Patient", "r")


def test_a_grant_of_all_types_is_used_for_those_that_were_asked_for(launching):
    launching.server.tokens["scope"] = "launch patient/*.read"
    launching.launched()
    scopes = endpoint_of(launch_in(launching.browser)).scopes
    assert scopes is not None
    assert scopes.allows("Condition", "s")
    assert not scopes.allows("Coverage", "r")


def test_scopes_of_smart_1_are_understood(launching):
    launching.server.tokens["scope"] = "patient/Condition.read launch"
    launching.launched()
    assert launch_in(launching.browser).scope.split() == ["launch", "patient/Condition.rs"]


def test_without_the_store_of_used_states_no_launch_ends(launching, settings):
    _, asked = launching.begin()
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    refused(launching, launching.come_back(asked))


def test_a_standalone_launch_asks_which_patient(launching):
    response = launching.browser.get("/smart/start/st-mary")
    assert "launch%2Fpatient" in response["Location"]
    assert "&launch=" not in response["Location"]
    assert launching.browser.get("/smart/start/nobody").status_code == 400


def test_the_scopes_that_we_ask_for_are_what_the_chart_searches():
    from ehr_integration.chart.fetch import SEARCHES
    from ehr_integration.fhir.scopes import Scopes
    from ehr_integration.smart.scopes import clinical_scopes

    scopes = Scopes.parse(clinical_scopes("patient"))
    searched = {kind for searches in SEARCHES.values() for kind, _ in searches}
    assert all(scopes.allows(kind, "s") for kind in searched)
    assert {scope.resource_type for scope in scopes.clinical} == searched | {"Patient", "Medication"}


def test_no_token_lies_in_the_clear_in_the_session_or_the_logs(launching, caplog):
    caplog.set_level(logging.DEBUG)
    launching.launched()
    launching.browser.get("/reviews")
    launching.server.status = 500
    (row,) = Session.objects.all()
    held = [row.session_data, str(row.get_decoded())]
    launching.browser.post("/sign-out")
    logged = [record.getMessage() for record in caplog.records if record.name.startswith(("ehr_", "clin"))]
    assert any("not taken back" in line for line in logged)
    for place in (*held, *logged):
        assert not [secret for secret in SECRETS if secret in place]
    assert SEALED in row.get_decoded()
