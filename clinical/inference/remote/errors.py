"""What can go wrong with a server of the hospital's own, beside the errors of every engine.

EngineUnavailable
├── EndpointInvalid      the address or the token cannot be used: a setting is wrong
├── UnsafeServer         the server keeps prompts, or it cannot be shown that it does not
└── ServerUnreachable    no connection, or it was lost: may be tried again
EngineBusy
└── ServerBusy           too many requests (429, 503): may be tried again
"""

import math

from clinical.errors import EngineBusy, EngineUnavailable


class EndpointInvalid(EngineUnavailable):
    """The server's address or token cannot be used."""


class UnsafeServer(EngineUnavailable):
    """The server failed a check of the start-up probe; the message lists each with its fix."""


class ServerUnreachable(EngineUnavailable):
    """The server cannot be reached, or the connection to it was lost."""


class ServerBusy(EngineBusy):
    """The server takes no more requests now. `asked_seconds` is the pause that it asked for, where it did."""

    def __init__(self, message: str, asked_seconds: float | None = None) -> None:
        super().__init__(message, retry_after_seconds=max(1, math.ceil(asked_seconds or 1)))
        self.asked_seconds = asked_seconds
