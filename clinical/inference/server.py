"""The engine process: one model behind a Unix socket that only its owner can open.

Run as `python -m clinical.inference.server --model FILE --socket PATH`. It holds no state between requests.
"""

import argparse
import hashlib
import json
import os
import resource
import select
import signal
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from clinical.inference.domain import LARGEST_LINE_BYTES, Draft, Refusal
from clinical.inference.llama import Cancelled, DraftRefused, LlamaModel

WAITING_AT_MOST = 8


class EngineServer(socketserver.ThreadingUnixStreamServer):
    """Serves one request at a time; up to eight more wait, further ones are told that it is busy."""

    daemon_threads = True

    def __init__(self, socket_file: Path, model: LlamaModel, *, file: str, sha256: str) -> None:
        socket_file.unlink(missing_ok=True)
        previous = os.umask(0o177)
        try:
            super().__init__(str(socket_file), EngineRequestHandler)
        finally:
            os.umask(previous)
        self.model = model
        self.info = {"file": file, "sha256": sha256}
        self.turn = threading.Lock()
        self.places = threading.BoundedSemaphore(WAITING_AT_MOST + 1)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say that a request failed and of which kind: the default prints values of the request."""
        kind = sys.exc_info()[0]
        sys.stderr.write(f"engine: a request failed: {kind.__name__ if kind else 'unknown'}\n")


class EngineRequestHandler(socketserver.StreamRequestHandler):
    """Reads one request line and writes reply lines until the draft is complete."""

    server: EngineServer

    def handle(self) -> None:
        """Answer one request."""
        try:
            request = json.loads(self.rfile.readline(LARGEST_LINE_BYTES))
            if request.get("op") == "info":
                self._reply(self.server.info)
                return
            draft = Draft(**{**request["draft"], "messages": tuple(request["draft"]["messages"])})
        except (ValueError, KeyError, TypeError, AttributeError):
            self._reply({"refused": Refusal.MALFORMED})
            return
        self._write_in_turn(draft)

    def _write_in_turn(self, draft: Draft) -> None:
        if not self.server.places.acquire(blocking=False):
            self._reply({"refused": Refusal.BUSY})
            return
        try:
            if not self.server.turn.acquire(timeout=draft.deadline_seconds):
                self._reply({"refused": Refusal.BUSY})
                return
            try:
                self._write(draft)
            finally:
                self.server.turn.release()
        finally:
            self.server.places.release()

    def _write(self, draft: Draft) -> None:
        pieces = self.server.model.write(draft, is_cancelled=self._is_gone)
        try:
            for piece in pieces:
                # Latin-1 carries any bytes through JSON; a character may span two pieces.
                self._reply({"piece": piece.decode("latin-1")})
            self._reply({"done": True})
        except DraftRefused as error:
            self._reply({"refused": error.refusal})
        except (Cancelled, BrokenPipeError, ConnectionResetError):
            return
        finally:
            pieces.close()  # runs its clean-up now, not at collection

    def _is_gone(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""

    def _reply(self, reply: object) -> None:
        self.wfile.write(json.dumps(reply).encode() + b"\n")


def main() -> None:
    """Load the model and serve until told to stop."""
    arguments = _arguments()
    # A core file would hold prompts.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    model_file: Path = arguments.model
    if not model_file.is_file():
        sys.exit(
            f"engine: there is no model file at {model_file}: run `make content`, or set TACIT_MODEL_FILE"
        )
    sha256 = hashlib.file_digest(model_file.open("rb"), "sha256").hexdigest()
    try:
        model = LlamaModel(model_file, threads=arguments.threads)
    except ValueError as error:
        sys.exit(f"engine: {error}")
    server = EngineServer(arguments.socket, model, file=model_file.name, sha256=sha256)
    signal.signal(signal.SIGTERM, _stopper(server))
    try:
        server.serve_forever(poll_interval=0.2)
    finally:
        server.server_close()
        arguments.socket.unlink(missing_ok=True)


def _stopper(server: EngineServer) -> Callable[[int, FrameType | None], None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown).start()

    return stop


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="clinical.inference.server", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="the GGUF file")
    parser.add_argument("--socket", type=Path, required=True, help="where to listen (created with mode 0600)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="CPU threads (all)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
