"""What a browser's session holds of a launch."""

from typing import Any

from django.test import RequestFactory

from ehr_integration.smart.domain import Launch
from ehr_integration.smart.renewing import current_launch
from ehr_integration.smart.session_store import SessionStore
from ehr_integration.smart.sessions import launch_of

# What the tests' authorization server gives, and what may lie nowhere in the clear.
SECRETS = ("access-1", "refresh-1", "af-ckd", "code-1")


def request_in(browser: Any) -> Any:
    """A request of the browser, with the session as it is stored now."""
    request: Any = RequestFactory().get("/")
    request.session = SessionStore(browser.session.session_key)
    return request


def launch_in(browser: Any) -> Launch:
    """The launch of the browser's session, which there is."""
    launch = launch_of(request_in(browser))
    assert launch is not None
    return launch


def current(request: Any) -> Launch:
    """The launch with a good token, which there is."""
    launch = current_launch(request)
    assert launch is not None
    return launch
