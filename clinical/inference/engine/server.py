"""The engine process proper: one model behind a socket that the supervisor opened.

Run by `clinical.inference.engine`, which starts it again when it ends. Every connection carries one request.
"""

import argparse
import json
import os
import resource
import select
import signal
import socket
import socketserver
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from clinical.inference.domain import Draft, EngineInfo, Refusal, Usage
from clinical.inference.engine.cpus import leave_bound_cpu, usable_cpus
from clinical.inference.engine.jobs import Ended, Job, JobQueue
from clinical.inference.engine.loading import Loaded, ModelRefused, load
from clinical.inference.engine.metrics import Metrics
from clinical.inference.engine.scheduler import Scheduler
from clinical.inference.llama.errors import DraftRefused
from clinical.inference.wire import LARGEST_LINE_BYTES, draft_of, encoded

EXIT_CONFIGURATION = 78  # sysexits.h: starting again would not help
DRAIN_SECONDS = 8.0
# A caller that neither reads nor goes away must not hold a thread for ever.
SEND_TIMEOUT_SECONDS = 30


class EngineServer(socketserver.ThreadingUnixStreamServer):
    """Answers connections on a listening socket that outlives this process."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, jobs: JobQueue, info: EngineInfo, metrics: Metrics) -> None:
        super().__init__(str(listener.getsockname()), EngineRequestHandler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.jobs = jobs
        self.info = info
        self.metrics = metrics

    def handle_error(self, request: object, client_address: object) -> None:
        """Say that a request failed and of which kind: the default prints values of the request."""
        kind = sys.exc_info()[0]
        sys.stderr.write(f"engine: a request failed: {kind.__name__ if kind else 'unknown'}\n")


class EngineRequestHandler(socketserver.StreamRequestHandler):
    """Reads one request line and writes reply lines until the draft is complete."""

    server: EngineServer
    timeout = SEND_TIMEOUT_SECONDS

    def handle(self) -> None:
        """Answer one request; a caller that went away is no error."""
        try:
            self._answer()
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            return

    def _answer(self) -> None:
        try:
            request = json.loads(self.rfile.readline(LARGEST_LINE_BYTES))
            operation = request["op"]
            draft = draft_of(request) if operation == "write" else None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self._refuse(Refusal.MALFORMED)
            return
        if draft is not None:
            self._write(draft)
        elif operation == "info":
            self._reply(**asdict(self.server.info))
        elif operation == "metrics":
            self._reply(metrics=self.server.metrics.exposition())
        else:
            self._refuse(Refusal.MALFORMED)

    def _write(self, draft: Draft) -> None:
        job = Job(draft)
        try:
            self.server.jobs.put(job)
        except DraftRefused as error:
            self.server.metrics.refused(job.lane, draft.specialty, error.refusal, Usage())
            self._refuse(error.refusal, retry_after=self.server.jobs.retry_after_seconds(job.lane))
            return
        try:
            for reply in job.replies(self._is_gone):
                self._pass_on(reply)
        finally:
            job.cancel()  # has no effect on one that has ended

    def _pass_on(self, reply: bytes | Ended) -> None:
        if isinstance(reply, bytes):
            # Latin-1 carries any bytes through JSON; a character may span two pieces.
            self._reply(piece=reply.decode("latin-1"))
        elif reply.usage is not None:
            self._reply(done=asdict(reply.usage))
        else:
            self._refuse(reply.refusal or Refusal.FAILED)

    def _is_gone(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""

    def _refuse(self, refusal: Refusal, *, retry_after: int = 1) -> None:
        self._reply(refused=refusal, retry_after=retry_after)

    def _reply(self, **reply: object) -> None:
        self.wfile.write(encoded(reply))


def main() -> None:
    """Load the model and serve until told to stop; then finish what was taken in."""
    arguments = _arguments()
    # A core file would hold prompts.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    leave_bound_cpu()
    try:
        loaded = load(arguments)
    except ModelRefused as error:
        sys.stderr.write(f"engine: {error}\n")
        sys.exit(EXIT_CONFIGURATION)
    _serve(loaded, socket.socket(fileno=arguments.listener), hourly_price=arguments.hourly_price)


def _serve(loaded: Loaded, listener: socket.socket, *, hourly_price: float) -> None:
    jobs = JobQueue()
    metrics = Metrics(depth=jobs.depth, hourly_price=hourly_price)
    scheduler = Scheduler(jobs, loaded.bedside, loaded.library, metrics)
    server = EngineServer(listener, jobs, loaded.info, metrics)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        jobs.close()
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    scheduler.start()
    server.serve_forever(poll_interval=0.1)
    scheduler.join(DRAIN_SECONDS)
    # What is still being written after that is cut off: its caller sees the connection end.
    sys.stderr.flush()
    os._exit(0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="clinical.inference.engine.server", description=__doc__)
    add_model_arguments(parser)
    parser.add_argument("--listener", type=int, required=True, help="file descriptor of the listening socket")
    return parser.parse_args()


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which model to load and how: the same for the supervisor, which passes them on."""
    parser.add_argument("--model", required=True, help="the registered id")
    parser.add_argument("--models", type=Path, required=True, help="the folder of the hospital's own models")
    parser.add_argument("--content", type=Path, required=True, help="the folder of the starter content")
    parser.add_argument("--threads", type=int, default=len(usable_cpus()), help="CPU threads (all)")
    parser.add_argument("--hourly-price", type=float, default=0.0, help="price of an hour, for the metrics")


if __name__ == "__main__":
    main()
