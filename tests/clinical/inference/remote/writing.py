"""Asks a server by its address, and runs a draft to its end."""

from collections.abc import Generator

from clinical.inference.client import Engine
from clinical.inference.domain import Draft, Usage
from clinical.inference.remote.checks.report import ProbeReport
from clinical.inference.remote.client import RemoteEngine
from clinical.inference.remote.endpoint import NO_TLS_FILES, Endpoint, Tls
from clinical.inference.remote.probe import connect, probe_server
from clinical.inference.remote.request import ServerFacts

UNPROBED = ServerFacts()


def engine_on(
    url: str,
    *,
    model_id: str = "med",
    token: str | None = None,
    tls: Tls = NO_TLS_FILES,
    server: ServerFacts = UNPROBED,
) -> RemoteEngine:
    """An engine on a server that nobody has probed."""
    return RemoteEngine(Endpoint.parse(url, token=token, tls=tls), model_id=model_id, server=server)


def probed(url: str, *, model_id: str = "med", token: str | None = None) -> ProbeReport:
    """What the probe finds."""
    return probe_server(Endpoint.parse(url, token=token), model_id=model_id)


def connected(url: str, *, model_id: str = "med", token: str | None = None) -> RemoteEngine:
    """An engine on a server that passed the probe."""
    return connect(Endpoint.parse(url, token=token), model_id=model_id)


def written(engine: Engine, draft: Draft) -> tuple[list[str], Usage]:
    """The pieces of a whole draft, and what it took."""
    pieces: list[str] = []
    return pieces, collected(engine.write(draft), pieces)


def collected(stream: Generator[str, None, Usage], pieces: list[str]) -> Usage:
    """Put the pieces into the list, which keeps those before a failure; then what the draft took."""
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            usage: Usage = end.value
            return usage
