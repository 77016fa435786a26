"""What can go wrong with a question or a review. Messages never carry what was asked.

ClinicalError
├── QuestionInvalid        empty, too long, control characters
├── ReviewError
│   ├── ReviewNotFound     no such review of this account, or it expired
│   └── QueueUnavailable   no Redis: nothing was queued
└── EngineError
    ├── EngineUnavailable  the engine process does not answer (not started, or the model file is missing)
    ├── EngineBusy         too many requests wait already
    ├── EngineTimeout      the deadline passed before the draft was complete
    └── EngineRefused      the engine could not take the request (prompt too long, schema not usable or not kept)
"""


class ClinicalError(Exception):
    """A question or a review could not be served."""


class QuestionInvalid(ClinicalError):
    """The question is empty, too long, or holds control characters."""


class ReviewError(ClinicalError):
    """A literature review could not be served."""


class ReviewNotFound(ReviewError):
    """There is no such review for this account, or it has expired."""


class QueueUnavailable(ReviewError):
    """Redis does not answer, so nothing was queued."""


class EngineError(ClinicalError):
    """The local model did not give a draft."""


class EngineUnavailable(EngineError):
    """The engine process does not answer."""


class EngineBusy(EngineError):
    """Too many requests wait for the engine. A place is probably free after `retry_after_seconds`."""

    def __init__(self, message: str, *, retry_after_seconds: int = 1) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class EngineTimeout(EngineError):
    """The deadline passed before the draft was complete."""


class EngineRefused(EngineError):
    """The engine could not take the request as it was."""
