"""A machine's way in: a bearer token of the settings, which opens one door and nothing else."""

from typing import ClassVar

from django.conf import settings
from django.utils.crypto import constant_time_compare
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

SCHEME = b"bearer"


class Machine:
    """Who has the token: no account, so that nothing else lets it in."""

    is_authenticated = True


class BearerTokenAuthentication(BaseAuthentication):
    """Bearer token, compared in constant time; `setting` names the one that holds it. Source: RFC 6750, 2.1."""

    setting: ClassVar[str]

    def authenticate(self, request: Request) -> tuple[Machine, None] | None:
        """Return the machine; None where no bearer token is given. Raises: AuthenticationFailed."""
        scheme, _, given = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME:
            return None
        expected = getattr(settings, self.setting)
        if not expected or not constant_time_compare(given.strip(), expected):
            raise AuthenticationFailed
        return Machine(), None

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 asks for."""
        return "Bearer"
