"""Why a launch or a token was refused. Codes only: an authorization server's texts may quote anything.

SmartProblem
├── LaunchRefused         this launch goes no further; `code` says why
├── LaunchExpired         the EHR's token has ended and cannot be renewed
└── AuthorizationFailed   the authorization server said no, or what it said cannot be used; `code`
"""

from ehr_integration.errors import EhrError


class SmartProblem(EhrError):
    """An EHR's authorization could not be used."""


class LaunchRefused(SmartProblem):
    """A launch goes no further."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class LaunchExpired(SmartProblem):
    """The EHR's token has ended and cannot be renewed."""


class AuthorizationFailed(SmartProblem):
    """The authorization server said no, or what it said cannot be used."""

    def __init__(self, code: str) -> None:
        super().__init__(f"The EHR's authorization server refused ({code})")
        self.code = code
