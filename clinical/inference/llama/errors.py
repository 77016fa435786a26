"""Why llama.cpp gives no draft. Only the refusal leaves the engine process."""

from clinical.inference.domain import Refusal, Usage


class Stopped(Exception):
    """A draft that was not written to its end; `usage` is what it took until then."""

    usage = Usage()


class DraftRefused(Stopped):
    """No draft; carries the reason that the caller is told."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class Cancelled(Stopped):
    """The caller went away."""
