import pytest

EHR = "https://ehr.example.org"


def policy(response):
    return response["Content-Security-Policy"].rpartition("frame-ancestors ")[
        2
    ], "X-Frame-Options" in response


def test_only_the_ehr_that_launched_may_frame_the_session(launching):
    assert policy(launching.browser.get("/sign-in")) == ("'none'", True)
    back = launching.launched()
    assert policy(back) == (EHR, False)
    assert policy(launching.browser.get("/reviews")) == (EHR, False)
    assert policy(launching.browser.get("/no-such-page")) == (EHR, False)


def test_an_ehr_that_names_no_pages_frames_nothing(launching):
    launching.register(frame_origins=[])
    launching.launched()
    assert policy(launching.browser.get("/reviews")) == ("'none'", True)


def test_the_ehr_s_frame_shows_why_its_launch_was_refused_and_no_other_s_does(launching):
    assert policy(launching.begin(launch="")[0]) == ("'none'", True)
    assert policy(launching.begin(iss="https://other.example.org")[0]) == ("'none'", True)
    _, asked = launching.begin()
    assert policy(launching.come_back(asked, state="another")) == (EHR, False)


@pytest.mark.parametrize(("frames", "rule"), [([EHR], "None"), ([], "Lax")])
def test_over_https_the_cookie_comes_along_from_the_return_until_it_is_deleted(
    launching, settings, frames, rule
):
    settings.SESSION_COOKIE_SECURE = True
    launching.register(frame_origins=frames)
    answers = [
        launching.launched(),
        launching.browser.get("/reviews", secure=True),
        launching.browser.post("/sign-out", secure=True),
    ]
    for answer in answers:
        cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
        assert (cookie["samesite"], cookie["secure"]) == (rule, True)
    assert answers[0].cookies[settings.SESSION_COOKIE_NAME]["httponly"]
    assert answers[-1].cookies[settings.SESSION_COOKIE_NAME].value == ""


def test_in_the_clear_no_cookie_asks_for_what_needs_https(launching, settings):
    cookie = launching.launched().cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["samesite"], cookie["secure"]) == ("Lax", False)


def test_a_password_s_session_keeps_its_strict_cookie_also_where_a_launch_begins_or_fails(
    launching, cast, settings
):
    settings.SESSION_COOKIE_SECURE = True
    launching.browser.force_login(cast["alma"])
    begun, asked = launching.begin()
    failed = launching.come_back(asked, state="another")
    for answer in (begun, failed, launching.browser.get("/reviews", secure=True)):
        assert answer.cookies[settings.SESSION_COOKIE_NAME]["samesite"] == "Strict"
        assert policy(answer) == ("'none'", True)


def test_what_lies_between_the_halves_of_a_launch_reaches_a_frame_and_is_deleted_there(launching, settings):
    settings.SESSION_COOKIE_SECURE = True
    response, asked = launching.begin()
    made, deleted = response.cookies["tacit_launch"], launching.come_back(asked).cookies["tacit_launch"]
    for cookie in (made, deleted):
        assert (cookie["samesite"], cookie["secure"], cookie["path"]) == ("None", True, "/smart/")
    assert (made["httponly"], made["max-age"], deleted.value) == (True, 300, "")
    for secret in (asked["state"], asked["nonce"], "st-mary"):
        assert secret not in made.value
