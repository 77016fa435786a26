import pytest
from django.contrib.sessions.models import Session

from tests.ehr_integration.smart.launched import SECRETS, launch_in


def given_back(launching):
    return [form["token"] for path, form in launching.server.forms if path == "/revoke"]


def test_no_token_is_in_what_a_launch_prints(launching):
    launching.launched()
    assert not [secret for secret in SECRETS if secret in repr(launch_in(launching.browser))]


def test_signing_out_gives_both_tokens_back(launching):
    launching.launched()
    assert launching.browser.post("/sign-out").status_code == 302
    assert given_back(launching) == ["access-1", "refresh-1"]
    assert not Session.objects.filter(session_key=launching.browser.session.session_key).exists()


@pytest.mark.parametrize("status", [400, 503])
def test_signing_out_does_not_wait_for_an_ehr_that_takes_nothing_back(launching, status):
    launching.launched()
    launching.server.status = status
    assert launching.browser.post("/sign-out").status_code == 302
    assert "_auth_user_id" not in launching.browser.session


def test_signing_out_works_where_the_ehr_is_not_registered_any_more(launching, settings):
    launching.launched()
    settings.TACIT_EHRS.write_text("")
    assert launching.browser.post("/sign-out").status_code == 302
    assert given_back(launching) == []


def test_a_second_launch_gives_back_the_tokens_of_the_first(launching):
    launching.launched()
    launching.server.tokens |= {"access_token": "access-9", "refresh_token": "refresh-9", "patient": "child"}
    launching.launched()
    assert launch_in(launching.browser).patient == "child"
    assert given_back(launching) == ["access-1", "refresh-1"]
