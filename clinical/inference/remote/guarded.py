"""The remote engine as the product holds it: nothing is sent before the probe has passed.

The probe runs once, with the first draft. It runs again where the server was lost or was found to keep prompts: it
may have been started anew, with other flags. After a failure nothing is tried for a while, so that a server that is
down does not slow every request, and is found once it is up.
"""

import copy
import threading
import time
from collections.abc import Callable, Generator

from clinical.errors import EngineError
from clinical.inference.domain import Draft, EngineInfo, Usage
from clinical.inference.remote.client import RemoteEngine
from clinical.inference.remote.errors import ServerBusy, ServerUnreachable, UnsafeServer

SECONDS_BETWEEN_PROBES = 10.0
# For whoever comes while another request has the server probed.
SECONDS_TO_WAIT = 10.0


class GuardedEngine:
    """Connects when it is first asked, and holds what it got or why there is nothing. Safe between threads."""

    def __init__(self, connect: Callable[[], RemoteEngine]) -> None:
        """Take what probes the server and connects: see `probe.connect`."""
        self._connect = connect
        self._lock = threading.Lock()
        self._engine: RemoteEngine | None = None
        self._failure: EngineError | None = None
        self._rest_until = 0.0

    def info(self) -> EngineInfo:
        """Return which model writes. Raises: UnsafeServer, ServerFault, EngineBusy, EngineTimeout."""
        engine = self._connected()
        try:
            return engine.info()
        except (ServerUnreachable, UnsafeServer):
            self._engine = None
            raise

    def write(self, draft: Draft) -> Generator[str, None, Usage]:
        """Return the draft's text in pieces. Raises: as `RemoteEngine.write`; UnsafeServer before anything is sent."""
        engine = self._connected()
        try:
            return (yield from engine.write(draft))
        except (ServerUnreachable, UnsafeServer):
            self._engine = None
            raise

    def _connected(self) -> RemoteEngine:
        if (engine := self._engine) is not None:
            return engine
        if not self._lock.acquire(timeout=SECONDS_TO_WAIT):
            raise ServerBusy("The model server is being probed: try again in a moment", SECONDS_TO_WAIT)
        try:
            if (engine := self._engine) is None:
                engine = self._engine = self._probed()
            return engine
        finally:
            self._lock.release()

    def _probed(self) -> RemoteEngine:
        if self._failure is not None and time.monotonic() < self._rest_until:
            raise copy.copy(self._failure)
        try:
            engine = self._connect()
        except EngineError as error:
            # A copy has no traceback: its frames would hold the draft of whoever came first.
            self._failure = copy.copy(error)
            self._rest_until = time.monotonic() + SECONDS_BETWEEN_PROBES
            raise
        self._failure = None
        return engine
