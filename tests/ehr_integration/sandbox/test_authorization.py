"""The demo EHR's authorization server is strict: what an app gets wrong, it hears here first."""

import asyncio
import base64
import hashlib
import json
import time
import uuid
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import jwt
import pytest

from ehr_integration.sandbox.server import Options, create_app
from ehr_integration.sandbox.smart import memory as remembering
from ehr_integration.sandbox.smart.clients import Client, known_clients
from tests.ehr_integration.jws.signing import EC, OTHER_EC, jwk

ORIGIN = "http://ehr.test"
BACK = "http://app.test/callback"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
SCOPE = "launch openid fhirUser online_access patient/*.rs"


class Ehr:
    """The demo EHR in this process, and a browser that is signed in to it."""

    def __init__(self, store, **options):
        public = Client(
            client_id="app",
            name="App",
            redirect_uris=(BACK,),
            launch_url="http://app.test/launch",
            origin="http://app.test",
        )
        other = Client(client_id="other", name="Other", redirect_uris=(BACK,))
        clients = {**known_clients("http://tacit.test", None), "app": public, "other": other}
        self.app = create_app(store, Options(clients=clients, **options))
        self.cookies = httpx.Cookies()

    def request(self, method, path, **more):
        async def call():
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(
                transport=transport, base_url=ORIGIN, cookies=self.cookies
            ) as client:
                response = await client.request(method, path, **more)
                self.cookies.update(client.cookies)
                return response

        return asyncio.run(call())

    def sign_in(self):
        self.request("POST", "/sign-in", data={"user": "alma", "back_to": "/"})
        page = self.request("GET", "/launcher").text
        return page.split('name="csrf" value="')[1].split('"')[0]

    def launch(self, patient="af-ckd", **more):
        form = {"csrf": self.sign_in(), "client": "app", "patient": patient, "banner": "yes", **more}
        location = self.request("POST", "/launch", data=form).headers["Location"]
        return parse_qs(urlsplit(location).query)["launch"][0]

    def authorize(self, **changes):
        params = {
            "response_type": "code",
            "client_id": "app",
            "redirect_uri": BACK,
            "scope": SCOPE,
            "state": "s" * 43,
            "aud": f"{ORIGIN}/fhir",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            **changes,
        }
        return self.request(
            "GET", f"/auth/authorize?{urlencode({k: v for k, v in params.items() if v is not None})}"
        )

    def answer(self, **changes):
        response = self.authorize(**changes)
        assert response.status_code == 302, response.text
        return {
            name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()
        }

    def code(self, **changes):
        return self.answer(launch=self.launch(), **changes)["code"]

    def token(self, **form):
        usual = {
            "grant_type": "authorization_code",
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
            "client_id": "app",
        }
        return self.request(
            "POST", "/auth/token", data={k: v for k, v in {**usual, **form}.items() if v is not None}
        )

    def tokens(self, **changes):
        response = self.token(code=self.code(**changes))
        assert response.status_code == 200, response.text
        return response.json()

    def fhir(self, path, token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.request("GET", f"/fhir/{path}", headers=headers)


@pytest.fixture
def ehr(store):
    return Ehr(store)


def test_a_launch_gives_the_patient_the_user_and_the_scopes_that_were_granted(ehr):
    tokens = ehr.tokens(scope=f"{SCOPE} patient/*.cruds user/*.rs", nonce="n")
    assert (tokens["patient"], tokens["token_type"], tokens["need_patient_banner"]) == (
        "af-ckd",
        "Bearer",
        True,
    )
    assert tokens["scope"].split() == SCOPE.split()
    keys = ehr.request("GET", "/.well-known/jwks.json").json()["keys"]
    claims = jwt.decode(
        tokens["id_token"], jwt.PyJWK(keys[0]), algorithms=["ES384"], audience="app", issuer=ORIGIN
    )
    assert (claims["nonce"], claims["fhirUser"]) == ("n", f"{ORIGIN}/fhir/Practitioner/alma")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain", "code_challenge": VERIFIER}, "invalid_request"),
        ({"aud": "https://other.example.org/fhir"}, "invalid_request"),
        ({"aud": None}, "invalid_request"),
        ({"state": "short"}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "system/*.rs user/*.cruds"}, "invalid_scope"),
        ({"launch": "unknown"}, "invalid_request"),
        ({}, "invalid_request"),  # the scope launch without a launch
    ],
)
def test_a_request_that_is_not_strict_is_refused_by_its_code(ehr, changes, error):
    ehr.sign_in()
    answer = ehr.answer(**changes)
    assert (answer["error"], answer["iss"]) == (error, ORIGIN)
    assert "code" not in answer


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": BACK + "?x=1"},
        {"redirect_uri": "http://evil.test/callback"},
        {"redirect_uri": None},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(ehr, changes):
    response = ehr.authorize(**changes)
    assert response.status_code == 400
    assert "Location" not in response.headers


def test_a_launch_is_good_once_and_in_its_own_browser(ehr, store):
    launch = ehr.launch()
    assert "code" in ehr.answer(launch=launch)
    assert ehr.answer(launch=launch)["error"] == "invalid_request"
    launch = ehr.launch()
    ehr.cookies.clear()
    assert ehr.answer(launch=launch)["error"] == "invalid_request"


def test_a_code_used_twice_takes_its_tokens_with_it(ehr):
    code = ehr.code()
    tokens = ehr.token(code=code).json()
    assert ehr.fhir("Patient/af-ckd", tokens["access_token"]).status_code == 200
    assert ehr.token(code=code).json()["error"] == "invalid_grant"
    assert ehr.fhir("Patient/af-ckd", tokens["access_token"]).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": None},
        {"code_verifier": "v" * 42},
        {"redirect_uri": "http://app.test/other"},
        {"client_id": "other"},
        {"code": "unknown"},
    ],
)
def test_a_code_is_good_for_who_asked_with_the_verifier(ehr, changes):
    response = ehr.token(**{"code": ehr.code(), **changes})
    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")


def test_a_code_does_not_last(ehr, monkeypatch):
    monkeypatch.setattr("ehr_integration.sandbox.authorization.CODE_SECONDS", -1)
    assert ehr.token(code=ehr.code()).json()["error"] == "invalid_grant"


def test_a_refresh_rotates_and_an_old_one_ends_everything(ehr):
    first = ehr.tokens()
    form = {"grant_type": "refresh_token", "code_verifier": None, "redirect_uri": None}
    second = ehr.token(**form, refresh_token=first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert ehr.token(**form, refresh_token=first["refresh_token"]).json()["error"] == "invalid_grant"
    assert ehr.fhir("Patient/af-ckd", second["access_token"]).status_code == 401


def test_a_refresh_never_gets_more(ehr):
    form = {"grant_type": "refresh_token", "code_verifier": None, "redirect_uri": None}
    refresh = ehr.tokens(scope="launch online_access patient/Condition.rs")["refresh_token"]
    assert ehr.token(**form, refresh_token=refresh, scope="patient/*.rs").json()["error"] == "invalid_scope"


def test_a_revoked_token_opens_nothing(ehr):
    tokens = ehr.tokens()
    assert (
        ehr.request(
            "POST", "/auth/revoke", data={"token": tokens["refresh_token"], "client_id": "app"}
        ).status_code
        == 200
    )
    assert ehr.fhir("Patient/af-ckd", tokens["access_token"]).status_code == 401


def test_introspection_tells_its_own_client(ehr):
    tokens = ehr.tokens()
    ask = {"token": tokens["access_token"], "client_id": "app"}
    assert ehr.request("POST", "/auth/introspect", data=ask).json()["active"] is True
    assert ehr.request("POST", "/auth/introspect", data={**ask, "client_id": "other"}).json() == {
        "active": False
    }


def test_a_patient_s_token_sees_that_patient_and_no_other(ehr):
    token = ehr.tokens()["access_token"]
    assert ehr.fhir("Patient/child", token).status_code == 404
    assert ehr.fhir("Condition/child-otitis", token).status_code == 404
    assert ehr.fhir("Patient?_count=50", token).json()["total"] == 1
    assert ehr.fhir("Condition?patient=child", token).json()["total"] == 0
    assert ehr.fhir("Condition?patient=af-ckd", token).json()["total"] > 0
    assert ehr.fhir("Practitioner/alma", token).status_code == 200
    for way_out in (
        "Condition?patient=af-ckd&_include=Condition:subject",
        "Condition?patient.name=a",
        "Patient?_has:Condition:patient:code=x",
    ):
        assert ehr.fhir(way_out, token).status_code == 400


def test_a_token_sees_what_its_scopes_say(ehr):
    token = ehr.tokens(scope="launch patient/Observation.rs?category=laboratory patient/Patient.r")[
        "access_token"
    ]
    response = ehr.fhir("Condition?patient=af-ckd", token)
    assert response.status_code == 403
    assert "insufficient_scope" in response.headers["WWW-Authenticate"]
    assert ehr.fhir("Patient?_id=af-ckd", token).status_code == 403  # r is not s
    found = ehr.fhir("Observation?patient=af-ckd&_count=100", token).json()
    kinds = {entry["resource"]["category"][0]["coding"][0]["code"] for entry in found["entry"]}
    assert kinds == {"laboratory"}


@pytest.mark.parametrize("token", ["unknown", "x" * 5_000])
def test_an_unknown_token_is_refused_even_where_the_demo_is_open(ehr, token):
    response = ehr.fhir("Patient/af-ckd", token)
    assert response.status_code == 401
    assert "invalid_token" in response.headers["WWW-Authenticate"]
    assert ehr.fhir("Patient/af-ckd").status_code == 200


def test_a_token_ends(ehr, monkeypatch):
    monkeypatch.setattr(remembering, "TOKEN_SECONDS", -1)
    assert ehr.fhir("Patient/af-ckd", ehr.tokens()["access_token"]).status_code == 401


def test_a_protected_ehr_shows_nothing_without_a_token(store):
    protected = Ehr(store, is_protected=True)
    assert protected.fhir("Patient/af-ckd").status_code == 401
    assert protected.fhir("metadata").status_code == 200
    assert protected.fhir(".well-known/smart-configuration").status_code == 200
    assert protected.fhir("Patient/af-ckd", protected.tokens()["access_token"]).status_code == 200


def test_a_browser_app_may_call_from_its_own_origin_and_no_other(ehr):
    for origin, allowed in (("http://app.test", "http://app.test"), ("http://evil.test", None)):
        response = ehr.request("GET", "/fhir/metadata", headers={"Origin": origin})
        assert response.headers.get("Access-Control-Allow-Origin") == allowed


def test_a_batch_answers_each_request(ehr):
    entries = [
        {"request": {"method": "GET", "url": url}}
        for url in ("Patient/af-ckd", "Condition?patient=child", "Patient/x")
    ]
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    found = ehr.request("POST", "/fhir", json=bundle).json()["entry"]
    assert [entry["response"]["status"] for entry in found] == ["200", "200", "404"]
    assert ehr.request("POST", "/fhir", json={**bundle, "type": "transaction"}).status_code == 400


def test_a_version_that_is_known_is_not_sent_again(ehr):
    etag = ehr.fhir("Patient/af-ckd").headers["ETag"]
    assert ehr.request("GET", "/fhir/Patient/af-ckd", headers={"If-None-Match": etag}).status_code == 304


def assertion(key=EC, algorithm="ES384", kid="one", **changes):
    now = int(time.time())
    claims = {
        "iss": "tacit-backend",
        "sub": "tacit-backend",
        "aud": f"{ORIGIN}/auth/token",
        "exp": now + 240,
        "jti": str(uuid.uuid4()),
        **changes,
    }
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


def backend(ehr, made, **form):
    return ehr.request(
        "POST",
        "/auth/token",
        data={
            "grant_type": "client_credentials",
            "scope": "system/Condition.rs system/Patient.cruds",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": made,
            **form,
        },
    )


@pytest.fixture
def with_keys(monkeypatch):
    """The key set that the backend client is registered with."""

    async def get(self, url, **more):
        return httpx.Response(200, json={"keys": [jwk(EC, "one", "ES384")]})

    real = httpx.AsyncClient.get
    monkeypatch.setattr(
        httpx.AsyncClient,
        "get",
        lambda self, url, **more: (get if "tacit.test" in str(url) else real)(self, url, **more),
    )


@pytest.mark.usefixtures("with_keys")
def test_a_backend_service_gets_what_it_may_have(ehr):
    tokens = backend(ehr, assertion()).json()
    assert tokens["scope"] == "system/Condition.rs"
    assert ehr.fhir("Condition?patient=child", tokens["access_token"]).json()["total"] > 0
    assert ehr.fhir("Observation?patient=child", tokens["access_token"]).status_code == 403


@pytest.mark.usefixtures("with_keys")
@pytest.mark.parametrize(
    "changes",
    [
        {"key": OTHER_EC},
        {"kid": "another"},
        {"aud": f"{ORIGIN}/auth/token/"},
        {"aud": [f"{ORIGIN}/auth/token", "x"]},
        {"exp": int(time.time()) + 3_000},
        {"exp": int(time.time()) - 10},
        {"sub": "tacit"},
        {"iss": "nobody"},
        {"jti": None},
    ],
)
def test_an_assertion_that_does_not_hold_is_refused(ehr, changes):
    response = backend(ehr, assertion(**changes))
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


@pytest.mark.usefixtures("with_keys")
def test_an_assertion_is_good_once(ehr):
    made = assertion()
    assert backend(ehr, made).status_code == 200
    assert backend(ehr, made).json()["error"] == "invalid_client"


@pytest.mark.usefixtures("with_keys")
def test_an_unsigned_assertion_and_none_at_all_are_refused(ehr):
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "one"}).encode()).decode().rstrip("=")
    body = assertion().split(".")[1]
    assert backend(ehr, f"{header}.{body}.").json()["error"] == "invalid_client"
    response = backend(ehr, "", client_id="tacit-backend", client_assertion="")
    assert response.json()["error"] == "invalid_client"


def test_a_standalone_launch_asks_the_user_who_may_say_no(ehr):
    ehr.sign_in()
    scope = "launch/patient openid patient/*.rs"
    page = ehr.authorize(scope=scope).text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    query = urlencode(
        {
            "response_type": "code",
            "client_id": "app",
            "redirect_uri": BACK,
            "scope": scope,
            "state": "s" * 43,
            "aud": f"{ORIGIN}/fhir",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
    )
    form = {"csrf": csrf, "query": query, "patient": "child"}
    denied = ehr.request("POST", "/auth/decide", data={**form, "decision": "deny"}).headers["Location"]
    assert "error=access_denied" in denied
    allowed = ehr.request("POST", "/auth/decide", data={**form, "decision": "allow"}).headers["Location"]
    code = parse_qs(urlsplit(allowed).query)["code"][0]
    assert ehr.token(code=code).json()["patient"] == "child"
    assert (
        ehr.request("POST", "/auth/decide", data={**form, "csrf": "x", "decision": "allow"}).status_code
        == 400
    )


def test_the_pages_need_a_user_and_keep_foreign_content_out(ehr):
    assert "Who are you?" in ehr.request("GET", "/patients/af-ckd").text
    ehr.sign_in()
    page = ehr.request("GET", "/patients/af-ckd")
    assert "Adelaide Samplewick" in page.text
    assert "frame-src 'self' http://app.test http://tacit.test" in page.headers["Content-Security-Policy"]
    assert ehr.request("GET", "/patients/nobody").status_code == 404
    assert ehr.request("POST", "/launch", data={"client": "app", "csrf": "x"}).status_code == 400
    assert ehr.request("POST", "/patients/af-ckd/hooks/patient-view", json={}).status_code == 403
