"""Each role reaches its own pages, and only those."""

from collections.abc import Callable

import pytest
from django.test import Client

from clinical.web.views import reviews
from compliance.access.models import Account
from tests.conftest import PASSWORD

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def no_reviews(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "list_reviews", lambda actor: [])


def test_signing_in_leads_to_the_page_of_the_role(cast: dict[str, Account], client: Client) -> None:
    response = client.post("/sign-in", {"username": "ravi", "password": PASSWORD}, follow=True)
    assert response.redirect_chain == [("/", 302), ("/reviews", 302)]


def test_a_wrong_password_is_told_and_the_name_kept(cast: dict[str, Account], client: Client) -> None:
    page = client.post("/sign-in", {"username": "ravi", "password": "not-hers"}).content.decode()
    assert 'role="alert"' in page
    assert 'value="ravi"' in page
    assert "not-hers" not in page


def test_signing_out_needs_a_form_and_ends_the_session(sign_in: SignIn) -> None:
    client = sign_in("ada")
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/").headers["Location"] == "/sign-in?next=/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/ask", "/ask/stream", "/source?id=x", "/reviews", "/reviews/x", "/audit"]
)
def test_nothing_is_shown_before_signing_in(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("username", "first_page"),
    [("alma", "/ask"), ("ravi", "/reviews"), ("olga", "/audit")],
)
def test_home_sends_each_role_to_its_page(sign_in: SignIn, username: str, first_page: str) -> None:
    assert sign_in(username).get("/").headers["Location"] == first_page


def test_an_administrator_is_told_what_exists(sign_in: SignIn) -> None:
    page = sign_in("ada").get("/").content.decode()
    assert "load_evidence" in page
    assert 'href="/ask"' not in page


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("ravi", "/ask"),
        ("olga", "/ask"),
        ("ada", "/ask"),
        ("olga", "/reviews"),
        ("ada", "/reviews"),
        ("alma", "/audit"),
    ],
)
def test_the_pages_of_other_roles_are_refused_and_not_offered(
    sign_in: SignIn, username: str, path: str
) -> None:
    response = sign_in(username).get(path)
    assert response.status_code == 403
    assert f'<a href="{path}"' not in response.content.decode()


def test_pages_are_kept_out_of_caches_and_foreign_content_out_of_pages(sign_in: SignIn) -> None:
    response = sign_in("ravi").get("/reviews")
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert " style=" not in response.content.decode()
    assert "<script>" not in response.content.decode()
