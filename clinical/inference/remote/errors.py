"""What can go wrong with a server of the hospital's own, beside the errors of every engine.

EngineUnavailable
└── ServerFault              the server cannot be used, or did not keep to the protocol
    ├── EndpointInvalid      the address, the token or a certificate file cannot be used: a setting is wrong
    ├── UnsafeServer         the server keeps prompts, or it cannot be shown that it does not
    └── ServerUnreachable    no connection, or it was lost: may be tried again
EngineBusy
└── ServerBusy               too many requests (429, 503): may be tried again
EngineRefused
└── ServerRefused            no draft of this request, whoever asks again
"""

import math

from clinical.errors import EngineBusy, EngineRefused, EngineUnavailable
from clinical.inference.domain import Refusal


class ServerFault(EngineUnavailable):
    """The server cannot be used, or it answered with something that is no chat completion."""


class EndpointInvalid(ServerFault):
    """The server's address, its token or a certificate file cannot be used."""


class UnsafeServer(ServerFault):
    """The server failed a check of the start-up probe, or was found later to keep prompts; the message says the fix."""


class ServerUnreachable(ServerFault):
    """The server cannot be reached, or the connection to it was lost."""


class ServerBusy(EngineBusy):
    """The server takes no more requests now. `asked_seconds` is the pause that it asked for, where it did."""

    def __init__(self, message: str, asked_seconds: float | None = None) -> None:
        super().__init__(message, retry_after_seconds=max(1, math.ceil(asked_seconds or 1)))
        self.asked_seconds = asked_seconds


class ServerRefused(EngineRefused):
    """There is no draft of this request. `refusal` is the reason, as the engine process would give it."""

    def __init__(self, refusal: Refusal, message: str) -> None:
        super().__init__(f"{refusal}: {message}")
        self.refusal = refusal
