"""What OAuth calls its errors. Source: RFC 6749, 4.1.2.1 and 5.2."""


class OAuthError(Exception):
    """A request that is refused; `error` is the RFC's code, `description` says what to change."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


class ClientUnknown(Exception):
    """Nobody may be redirected: the client or its redirect_uri is not registered."""
