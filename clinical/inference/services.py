"""Which engine writes for this installation: processes on this machine, or a server of the hospital's own."""

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from clinical.errors import EngineError
from clinical.inference.client import EngineClient, MeteredEngine
from clinical.inference.exposition import labelled
from clinical.inference.remote.checks.report import ProbeReport
from clinical.inference.remote.counted import CountedEngine
from clinical.inference.remote.endpoint import Endpoint
from clinical.inference.remote.guarded import GuardedEngine
from clinical.inference.remote.probe import connect, probe_server

# Of a server: the usual one, and one for each specialty.
MODELS_AT_MOST = 32


def configured_engine() -> MeteredEngine:
    """Return the engine of this installation. A remote one is probed when it is first asked for something."""
    return named_engine(usual_model())


def named_engine(model_id: str) -> MeteredEngine:
    """Return the engine in which a model writes, whether it runs or not: one process a model, or one server for all."""
    endpoint = settings.TACIT_ENGINE_ENDPOINT
    if endpoint is None:
        return EngineClient(socket_of(model_id))
    return _remote_engine(endpoint, model_id, settings.TACIT_HOURLY_PRICE)


def usual_model() -> str:
    """Return the id of the model that writes wherever no other is named."""
    return str(settings.TACIT_ENGINE_MODEL if settings.TACIT_ENGINE_ENDPOINT else settings.TACIT_MODEL)


def socket_of(model_id: str) -> Path:
    """Return where the engine of a model listens. An id may be longer than a socket's path, so its hash names it."""
    if model_id == settings.TACIT_MODEL:
        return Path(settings.TACIT_ENGINE_SOCKET)
    return Path(settings.TACIT_RUN_FOLDER) / f"engine-{sha256(model_id.encode()).hexdigest()[:12]}.sock"


def read_metrics(others: Iterable[str] = ()) -> str:
    """Return in Prometheus' text format what the usual model's engine has counted, and those of the others that run.

    Of a remote engine it is what this process has counted. Raises: EngineUnavailable, EngineTimeout.
    """
    found = {usual_model(): configured_engine().metrics()}
    for model_id in others:
        with suppress(EngineError):
            found[model_id] = named_engine(model_id).metrics()
    return labelled(found)


def probe_remote() -> ProbeReport | None:
    """Return every check of the server that TACIT_ENGINE_URL names; None where the engine runs on this machine.

    Raises: EngineError, where the server cannot be reached or does not list the model.
    """
    endpoint = settings.TACIT_ENGINE_ENDPOINT
    return probe_server(endpoint, model_id=settings.TACIT_ENGINE_MODEL) if endpoint else None


@lru_cache(maxsize=MODELS_AT_MOST)
def _remote_engine(endpoint: Endpoint, model_id: str, hourly_price: float) -> CountedEngine:
    """Return the one engine of this process for a model: it holds what the probe found, and the counts."""
    guarded = GuardedEngine(partial(connect, endpoint, model_id=model_id))
    return CountedEngine(guarded, hourly_price=hourly_price)
