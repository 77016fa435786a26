"""The model that an evaluation asks: any registered one, in an engine of its own, or one of the hospital's server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from clinical.inference.client import EngineClient, MeteredEngine
from clinical.inference.registry.domain import RegisteredModel
from clinical.inference.registry.errors import ModelNotRegistered
from clinical.inference.remote.counted import CountedEngine
from clinical.inference.remote.endpoint import Endpoint
from clinical.inference.remote.guarded import GuardedEngine
from clinical.inference.remote.probe import connect
from config import processes
from config.models_command.subcommand import load_registry


@dataclass(frozen=True, kw_only=True)
class AskedModel:
    """A model that answers. `sha256` (hex) is empty for a server, which names no weights."""

    id: str
    engine: MeteredEngine
    where: str
    sha256: str = ""
    follows_schema: bool = True


@contextmanager
def running_model(model_id: str) -> Iterator[AskedModel]:
    """Give the model of that id, and stop at the end what was started for it.

    What is not registered here is asked of the server that TACIT_ENGINE_URL names, and so is the model that it
    serves to the product. Raises: ModelNotRegistered, RegistryInvalid; CommandError where the engine does not start.
    """
    found = _find(model_id)
    if isinstance(found, Endpoint):
        guarded = GuardedEngine(partial(connect, found, model_id=model_id))
        engine = CountedEngine(guarded, hourly_price=settings.TACIT_HOURLY_PRICE)
        yield AskedModel(id=model_id, engine=engine, where=str(found))
        return
    with TemporaryDirectory(prefix="tacit-engine-") as folder:
        socket_file = Path(folder) / "engine.sock"
        with processes.running(processes.engine_of(model_id, socket_file=socket_file)):
            yield AskedModel(
                id=model_id,
                engine=EngineClient(socket_file),
                where=found.file.name,
                sha256=found.fingerprint,
                follows_schema=found.tokenizer == "gguf",
            )


def check_model(model_id: str) -> None:
    """Raise ModelNotRegistered where nothing here has that id, before anything is started."""
    _find(model_id)


def _find(model_id: str) -> RegisteredModel | Endpoint:
    """Return the model to start here, or the server that has it. Raises: ModelNotRegistered, RegistryInvalid."""
    endpoint = settings.TACIT_ENGINE_ENDPOINT
    if endpoint is not None and model_id == settings.TACIT_ENGINE_MODEL:
        return endpoint
    try:
        return load_registry().find(model_id)
    except ModelNotRegistered:
        if endpoint is None:
            raise
        return endpoint
