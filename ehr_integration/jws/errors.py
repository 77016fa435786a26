"""Why a token is not accepted: a code for logs and answers, and no word of the token itself."""

from ehr_integration.errors import EhrError


class TokenInvalid(EhrError):
    """The token does not prove what it says; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"The token is not valid ({code})")
        self.code = code
