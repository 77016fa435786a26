"""Which engine writes for this installation."""

from django.conf import settings

from clinical.inference.client import Engine, EngineClient


def configured_engine() -> Engine:
    """Return the engine process on this machine."""
    return EngineClient(settings.TACIT_ENGINE_SOCKET)
