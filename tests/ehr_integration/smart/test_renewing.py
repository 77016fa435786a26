import pytest

from ehr_integration.errors import EhrError, EhrTimeout, EhrUnavailable
from ehr_integration.replay import claim_once
from ehr_integration.smart import renewing
from ehr_integration.smart.errors import LaunchExpired
from ehr_integration.smart.renewing import current_launch
from ehr_integration.smart.session_store import SEALED
from ehr_integration.smart.sessions import launch_of
from tests.conftest import free_port
from tests.ehr_integration.smart.launched import current, launch_in, request_in


@pytest.fixture
def about_to_end(launching):
    """A launch whose token ends in some seconds; the next token is good for minutes."""
    first = launching.server.tokens
    first["expires_in"] = 10
    launching.launched()
    launching.server.tokens = {
        **first,
        "access_token": "access-2",
        "refresh_token": "refresh-2",
        "expires_in": 300,
    }
    return launching


def renewals(launching):
    return [form for _, form in launching.server.forms if form.get("grant_type") == "refresh_token"]


def test_a_token_is_renewed_before_it_ends_and_rotates(about_to_end):
    request = request_in(about_to_end.browser)
    renewed = current(request)
    assert (renewed.access_token, renewed.refresh_token) == ("access-2", "refresh-2")
    assert current(request) == current(request_in(about_to_end.browser)) == renewed
    (form,) = renewals(about_to_end)
    assert form["refresh_token"] == "refresh-1"
    assert form["client_assertion"]


def test_a_server_that_does_not_rotate_keeps_its_refresh_token(about_to_end):
    del about_to_end.server.tokens["refresh_token"]
    assert current(request_in(about_to_end.browser)).refresh_token == "refresh-1"


def test_a_renewal_never_widens_the_scopes(about_to_end):
    about_to_end.server.tokens["scope"] = "patient/Patient.cruds patient/*.rs user/*.rs"
    before = launch_in(about_to_end.browser).scope
    assert set(current(request_in(about_to_end.browser)).scope.split()) <= set(before.split())


def test_two_tabs_renew_once(about_to_end):
    first, second = request_in(about_to_end.browser), request_in(about_to_end.browser)
    launch_of(second)
    assert current(first).access_token == current(second).access_token == "access-2"
    assert len(renewals(about_to_end)) == 1


def test_a_request_that_read_its_session_before_a_renewal_long_ago_takes_the_new_token(
    about_to_end, monkeypatch
):
    monkeypatch.setattr(renewing, "claim_once", lambda *_, **__: None)  # as when the claim has run out
    first, second = request_in(about_to_end.browser), request_in(about_to_end.browser)
    launch_of(second)
    assert current(first).access_token == current(second).access_token == "access-2"
    assert len(renewals(about_to_end)) == 1


def test_a_slow_request_that_is_saved_last_does_not_bring_the_used_token_back(about_to_end):
    slow, quick = request_in(about_to_end.browser), request_in(about_to_end.browser)
    launch_of(slow)
    current(quick)
    slow.session["csrf"] = "its own"
    slow.session.save()
    stored = request_in(about_to_end.browser)
    assert current(stored).refresh_token == "refresh-2"
    assert stored.session["csrf"] == "its own"


def test_a_token_that_cannot_be_renewed_ends_the_launch_and_is_not_tried_again(about_to_end):
    slow = request_in(about_to_end.browser)
    launch_of(slow)
    about_to_end.server.status, about_to_end.server.tokens = 400, {"error": "invalid_grant"}
    for request in (request_in(about_to_end.browser), slow):
        with pytest.raises(LaunchExpired):
            current_launch(request)
    assert about_to_end.browser.get("/ask").status_code == 401
    assert len(renewals(about_to_end)) == 1


@pytest.mark.parametrize("status", [503, 429])
def test_a_server_that_is_down_for_a_moment_ends_no_launch(about_to_end, status):
    about_to_end.server.status = status
    with pytest.raises(EhrUnavailable):
        current_launch(request_in(about_to_end.browser))
    about_to_end.server.status = 200
    assert current(request_in(about_to_end.browser)).access_token == "access-2"


def test_a_token_without_renewal_ends_the_launch(launching):
    launching.server.tokens |= {"expires_in": 10, "refresh_token": None}
    launching.launched()
    with pytest.raises(LaunchExpired, match="open Tacit again from the EHR"):
        current_launch(request_in(launching.browser))


def test_waiting_for_another_tab_ends_without_ending_the_launch(about_to_end, monkeypatch):
    monkeypatch.setattr(renewing, "SECONDS_TO_WAIT_FOR_ANOTHER", 0.1)
    launch = launch_in(about_to_end.browser)
    claim_once("refresh", f"{launch.id} refresh-1", seconds=5)
    with pytest.raises(EhrTimeout):
        current_launch(request_in(about_to_end.browser))
    assert launch_in(about_to_end.browser) == launch


def test_without_the_store_of_claims_no_token_is_renewed(about_to_end, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    with pytest.raises(EhrError):
        current_launch(request_in(about_to_end.browser))
    assert renewals(about_to_end) == []


def test_a_launch_that_cannot_be_read_does_not_become_a_session_that_chooses_its_patient(launching):
    launching.launched()
    session = launching.browser.session
    session[SEALED] = session[SEALED][:-8] + "AAAAAAA="
    session.save()
    request = request_in(launching.browser)
    assert launch_of(request) is None
    with pytest.raises(LaunchExpired):
        current_launch(request)
    assert launching.browser.get("/ask").status_code == 401
