"""Which engine writes for this installation: the process on this machine, or a server of the hospital's own."""

from functools import lru_cache, partial

from django.conf import settings

from clinical.inference.client import Engine, EngineClient
from clinical.inference.remote.checks.report import ProbeReport
from clinical.inference.remote.counted import CountedEngine
from clinical.inference.remote.endpoint import Endpoint
from clinical.inference.remote.guarded import GuardedEngine
from clinical.inference.remote.probe import connect, probe_server


def configured_engine() -> Engine:
    """Return the engine of this installation. A remote one is probed when it is first asked for something."""
    return _engine()


def read_metrics() -> str:
    """Return the engine's metrics in Prometheus' text format; of a remote one, what this process has counted.

    Raises: EngineUnavailable, EngineTimeout.
    """
    return _engine().metrics()


def probe_remote() -> ProbeReport | None:
    """Return every check of the server that TACIT_ENGINE_URL names; None where the engine runs on this machine.

    Raises: EngineError, where the server cannot be reached or does not list the model.
    """
    endpoint = settings.TACIT_ENGINE_ENDPOINT
    return probe_server(endpoint, model_id=settings.TACIT_ENGINE_MODEL) if endpoint else None


def _engine() -> EngineClient | CountedEngine:
    endpoint = settings.TACIT_ENGINE_ENDPOINT
    if endpoint is None:
        return EngineClient(settings.TACIT_ENGINE_SOCKET)
    return _remote_engine(endpoint, settings.TACIT_ENGINE_MODEL, settings.TACIT_HOURLY_PRICE)


@lru_cache(maxsize=1)
def _remote_engine(endpoint: Endpoint, model_id: str, hourly_price: float) -> CountedEngine:
    """Return the one engine of this process: it holds what the probe found, and the counts."""
    guarded = GuardedEngine(partial(connect, endpoint, model_id=model_id))
    return CountedEngine(guarded, hourly_price=hourly_price)
