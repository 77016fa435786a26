"""Which processes each use of Tacit needs, given what the environment already provides."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from clinical.errors import QueueUnavailable
from config import processes


@contextmanager
def for_questions() -> Iterator[None]:
    """Run what a question needs: the demo EHR in demo mode, the model, and those of the specialties."""
    with processes.running(*_ehr(), *_engines()):
        yield


@contextmanager
def for_model() -> Iterator[None]:
    """Run the model alone."""
    with processes.running(*_engine()):
        yield


@contextmanager
def for_patients() -> Iterator[None]:
    """Run what listing patients needs."""
    with processes.running(*_ehr()):
        yield


@contextmanager
def for_reviews() -> Iterator[None]:
    """Run what a literature review needs: queue, model, worker."""
    with processes.running(*_queue(), *_engine(), processes.worker()):
        yield


@contextmanager
def for_sync() -> Iterator[None]:
    """Run what a sync with PubMed needs: Redis, which keeps the rate that all workers share."""
    with processes.running(*_queue()):
        yield


@contextmanager
def everything() -> Iterator[list[processes.Child]]:
    """Run all of it, with the web server last."""
    background = (processes.worker(), processes.sealer())
    with processes.running(*_queue(), *_ehr(), *_engines(), *background, processes.web()) as children:
        yield children


def _ehr() -> list[processes.Process]:
    return [processes.sandbox()] if settings.RUNS_SANDBOX else []


def _engine() -> list[processes.Process]:
    return [] if settings.TACIT_ENGINE_ENDPOINT else [processes.engine()]


def _engines() -> list[processes.Process]:
    return [] if settings.TACIT_ENGINE_ENDPOINT else [processes.engine(), *processes.specialty_engines()]


def _queue() -> list[processes.Process]:
    if settings.RUNS_REDIS:
        return [processes.redis_server()]
    if not processes.redis_answers():
        raise QueueUnavailable("Redis does not answer at REDIS_URL")
    return []
