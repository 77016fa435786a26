import base64
import hashlib
import time
from typing import Any

import jwt
import pytest
from django.contrib.sessions.models import Session
from django.test import RequestFactory

from compliance.access.models import Account, CareRelationship
from ehr_integration.replay import claim_once
from ehr_integration.smart import renewing
from ehr_integration.smart.domain import Launch
from ehr_integration.smart.errors import LaunchExpired
from ehr_integration.smart.renewing import current_launch
from ehr_integration.smart.session_store import SEALED
from ehr_integration.smart.sessions import launch_of
from tests.conftest import free_port
from tests.ehr_integration.jws.signing import OTHER_EC, claims, token, unsigned
from tests.ehr_integration.smart.authorization_server import CLIENT

PLACE = "st-mary:Practitioner/alma"


def current(request: Any) -> Launch:
    """The launch with a good token, which there is."""
    launch = current_launch(request)
    assert launch is not None
    return launch


def launch_in(browser: Any) -> Launch:
    """The launch of the browser's session, which there is."""
    launch = launch_of(request_in(browser))
    assert launch is not None
    return launch


def request_in(browser):
    request = RequestFactory().get("/")
    request.session = browser.session
    return request


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


def test_an_endpoint_in_the_clear_is_refused(launching):
    launching.server.configuration["token_endpoint"] = "http://ehr.example.org/token"
    assert launching.begin()[0].status_code == 400


def refused(launching, response):
    assert response.status_code in (400, 403, 502)
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
        {"aud": "another-client"},
        {"iss": "https://other.example.org"},
        {"exp": int(time.time()) - 100},
        {"fhirUser": "https://other.example.org/fhir/Practitioner/alma"},
        {"fhirUser": None},
        {"fhirUser": "Practitioner/alma/../../x"},
    ],
)
def test_a_word_about_the_user_that_is_not_for_this_launch_is_refused(launching, identity):
    refused(launching, launching.launched(**identity))
    assert not Account.objects.exists()


@pytest.mark.parametrize("kind", ["none", "foreign", "missing"])
def test_a_word_that_is_not_the_ehr_s_is_refused(launching, kind):
    _, asked = launching.begin()
    made = claims(iss=launching.server.url, aud=CLIENT, nonce=asked["nonce"], fhirUser="Practitioner/alma")
    forged = {
        "none": unsigned({"alg": "none", "kid": "one"}, made),
        "foreign": token(made, key=OTHER_EC),
        "missing": "",
    }
    launching.server.tokens["id_token"] = forged[kind]
    params = {"code": "c", "state": asked["state"], "iss": launching.server.url}
    refused(launching, launching.browser.get("/smart/callback", params))


@pytest.mark.parametrize("user", ["Patient/af-ckd", "RelatedPerson/1"])
def test_a_patient_who_launches_is_no_clinician(launching, user):
    assert launching.launched(fhirUser=user).status_code == 403
    assert not Account.objects.exists()


def test_scopes_that_were_not_asked_for_are_not_used(launching):
    launching.server.tokens["scope"] = "patient/Patient.rs user/*.cruds patient/Condition.cruds system/*.rs"
    launching.launched()
    assert launch_in(launching.browser).scope.split() == [
        "patient/Patient.rs",
        "patient/Condition.rs",
    ]


def test_scopes_of_smart_1_are_understood(launching):
    launching.server.tokens["scope"] = "patient/Condition.read launch"
    launching.launched()
    assert launch_in(launching.browser).scope.split() == ["launch", "patient/Condition.rs"]


def test_no_token_lies_in_the_clear_in_the_session_or_the_logs(launching, caplog):
    launching.launched()
    (row,) = Session.objects.all()
    for place in (row.session_data, str(row.get_decoded()), caplog.text):
        for secret in ("access-1", "refresh-1", "af-ckd"):
            assert secret not in place
    assert SEALED in row.get_decoded()


def test_a_token_is_renewed_before_it_ends_and_rotates(launching):
    launching.server.tokens["expires_in"] = 10
    launching.launched()
    launching.server.tokens = {
        **launching.server.tokens,
        "access_token": "access-2",
        "refresh_token": "refresh-2",
        "expires_in": 300,
    }
    request = request_in(launching.browser)
    renewed = current(request)
    assert (renewed.access_token, renewed.refresh_token) == ("access-2", "refresh-2")
    assert launching.server.forms[-1][1]["refresh_token"] == "refresh-1"
    assert current(request).access_token == "access-2"
    assert len(launching.server.forms) == 2


def test_two_tabs_renew_once(launching, monkeypatch):
    launching.server.tokens["expires_in"] = 10
    launching.launched()
    launching.server.tokens = {
        **launching.server.tokens,
        "access_token": "access-2",
        "refresh_token": "refresh-2",
        "expires_in": 300,
    }
    first, second = request_in(launching.browser), request_in(launching.browser)
    launch_of(second)
    assert current(first).access_token == "access-2"
    assert current(second).access_token == "access-2"
    assert (
        len([form for path, form in launching.server.forms if form.get("grant_type") == "refresh_token"]) == 1
    )


def test_a_token_that_cannot_be_renewed_ends_the_launch(launching):
    launching.server.tokens["expires_in"] = 10
    launching.launched()
    launching.server.status, launching.server.tokens = 400, {"error": "invalid_grant"}
    with pytest.raises(LaunchExpired):
        current_launch(request_in(launching.browser))
    assert launching.browser.get("/ask").status_code == 401


def test_signing_out_gives_the_token_back(launching):
    launching.launched()
    assert launching.browser.post("/sign-out").status_code == 302
    path, form = launching.server.forms[-1]
    assert (path, form["token"]) == ("/revoke", "refresh-1")
    assert launch_of(request_in(launching.browser)) is None


def test_only_the_ehr_that_launched_may_frame_the_session(launching):
    page = launching.browser.get("/sign-in")
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    launching.launched()
    page = launching.browser.get("/reviews")
    assert "frame-ancestors https://ehr.example.org" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page


def test_another_site_s_frame_keeps_its_cookie_only_over_https(launching, settings):
    settings.SESSION_COOKIE_SECURE = True
    launching.launched()
    cookie = launching.browser.get("/reviews", secure=True).cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["samesite"] == "None"
    assert cookie["secure"]


def test_without_the_store_of_used_states_no_launch_ends(launching, settings):
    _, asked = launching.begin()
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    refused(launching, launching.come_back(asked))


def test_a_launch_that_was_altered_is_none(launching):
    launching.launched()
    session = launching.browser.session
    session[SEALED] = session[SEALED][:-8] + "AAAAAAA="
    session.save()
    assert launch_of(request_in(launching.browser)) is None


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


def test_waiting_for_another_tab_ends(launching, monkeypatch):
    launching.server.tokens["expires_in"] = 10
    launching.launched()
    monkeypatch.setattr(renewing, "SECONDS_TO_WAIT_FOR_ANOTHER", 1)
    launch = launch_in(launching.browser)
    claim_once("refresh", f"{launch.id} refresh-1", seconds=5)
    with pytest.raises(LaunchExpired):
        current_launch(request_in(launching.browser))
