"""Through which application an act is done: set where a request, a task or a command comes in."""

from contextvars import ContextVar

BROWSER, API, WORKER, COMMAND_LINE = "browser", "api", "worker", "command-line"

_client: ContextVar[str] = ContextVar("client", default="")


def set_client(name: str) -> None:
    """Say it for what follows in this context: a thread, or a task of the event loop."""
    _client.set(name)


def current_client() -> str:
    """Return its name; empty where nothing said so."""
    return _client.get()
