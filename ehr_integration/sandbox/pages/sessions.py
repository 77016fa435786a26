"""Who is signed in to the demo EHR: a random cookie, and what it stands for in this process's memory."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ehr_integration.sandbox.practitioners import NAMES

COOKIE = "demo_ehr"


@dataclass(frozen=True)
class UserSession:
    """One browser of one invented doctor; `csrf` stands in every form."""

    id: str
    user: str
    csrf: str

    @property
    def name(self) -> str:
        """The doctor's name."""
        return NAMES[self.user][0]


class Sessions:
    """All of them."""

    def __init__(self) -> None:
        self._held: dict[str, UserSession] = {}

    def of(self, request: Request) -> UserSession | None:
        """Return the browser's session."""
        return self._held.get(request.cookies.get(COOKIE, ""))

    def proven(self, request: Request, sent: Mapping[str, object]) -> UserSession | None:
        """Return the browser's session, where what was sent comes from a form of ours."""
        session = self.of(request)
        return session if session is not None and sent.get("csrf") == session.csrf else None

    def begin(self, response: Response, user: str) -> UserSession:
        """Sign a doctor in."""
        session = UserSession(secrets.token_urlsafe(24), user, secrets.token_urlsafe(24))
        self._held[session.id] = session
        response.set_cookie(COOKIE, session.id, httponly=True, samesite="lax")
        return session

    def end(self, response: Response, session: UserSession) -> None:
        """Sign out."""
        self._held.pop(session.id, None)
        response.delete_cookie(COOKIE)
