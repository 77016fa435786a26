"""Why llama.cpp gives no draft. Only the refusal leaves the engine process."""

from clinical.inference.domain import Refusal


class DraftRefused(Exception):
    """No draft; carries the reason that the caller is told."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class Cancelled(Exception):
    """The caller went away."""
