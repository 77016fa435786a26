"""A server on loopback that answers as it is told, byte by byte: for what no healthy server does on request."""

import json
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.serving import served

END = "data: [DONE]\n\n"


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    document: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What to send: strings and bytes as they are, numbers as seconds of silence; then cut the connection or not."""

    status: int = 200
    parts: tuple[str | bytes | float, ...] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/event-stream"})
    is_cut: bool = False


def chunk(text: str | None = None, **more: Any) -> str:
    """One event of a streamed chat completion, as llama-server and vLLM write it."""
    delta = {} if text is None else {"content": text}
    choices = more.pop("choices", [{"index": 0, "delta": delta, "finish_reason": None}])
    document = {"object": "chat.completion.chunk", "choices": choices, **more}
    return f"data: {json.dumps(document, ensure_ascii=False)}\n\n"


def usage(prompt: int = 9, written: int = 2, reused: int | None = 0) -> str:
    """The last event before the end: what was read and written."""
    counts: dict[str, Any] = {"prompt_tokens": prompt, "completion_tokens": written}
    if reused is not None:
        counts["prompt_tokens_details"] = {"cached_tokens": reused}
    return chunk(choices=[], usage=counts)


def answer(*pieces: str, prompt: int = 9, written: int = 2, reused: int | None = 0) -> Reply:
    """A whole answer in good order."""
    return Reply(parts=(*map(chunk, pieces), usage(prompt, written, reused), END))


def json_reply(document: Any, status: int = 200, **headers: str) -> Reply:
    """A plain document."""
    return Reply(status, (json.dumps(document),), {"Content-Type": "application/json", **headers})


class Loopback:
    """The running server: give it replies in turn (the last one repeats), or a function of the request."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.replies: list[Reply] = []
        self.reply_to: Callable[[Seen], Reply] = self._next
        self.cut_by_client = threading.Event()
        self.url = ""

    def _next(self, _: Seen) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    loopback: Loopback

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = Seen(self.command, self.path, dict(self.headers), json.loads(body) if body else {})
        self.loopback.seen.append(seen)
        try:
            self._send(self.loopback.reply_to(seen))
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.loopback.cut_by_client.set()
        self.close_connection = True

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        is_chunked = "Content-Length" not in reply.headers
        if is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in reply.parts:
            if isinstance(part, float):
                time.sleep(part)
                continue
            data = part.encode() if isinstance(part, str) else part
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) if is_chunked else data)
        if is_chunked and not reply.is_cut:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        pass


class _UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def get_request(self) -> tuple[Any, Any]:
        request, _ = super().get_request()
        return request, ("unix", 0)


@contextmanager
def loopback(
    *,
    socket_path: Path | None = None,
    certificate: Path | None = None,
    client_authority: Path | None = None,
) -> Iterator[Loopback]:
    """A running server: on TCP, with TLS where there is a certificate, or on a Unix socket.

    With `client_authority` it asks for a client certificate.
    """
    running = Loopback()
    handler = type("Handler", (_Handler,), {"loopback": running})
    server: socketserver.BaseServer
    if socket_path:
        server = _UnixServer(str(socket_path), handler)
        running.url = f"unix://{socket_path}"
    else:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        running.url = f"http://127.0.0.1:{server.server_address[1]}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            if client_authority:
                context.load_verify_locations(client_authority)
                context.verify_mode = ssl.CERT_REQUIRED
            server.socket = context.wrap_socket(server.socket, server_side=True)
            running.url = running.url.replace("http://", "https://")
    with served(server):
        yield running
