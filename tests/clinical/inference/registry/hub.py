"""A model hub on loopback, over real sockets, that can be as unreliable as a real one."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.serving import served


@dataclass
class Hub:
    """What the hub serves under every path, and how it misbehaves. `requests` are the headers it got, in order.

    `cuts` are the bytes of the body after which each of the next answers breaks off; `statuses` are answered first.
    `redirects` maps a path to where it leads.
    """

    content: bytes
    address: str = ""
    etag: str = '"v1"'
    modified: str = ""
    published: str = ""
    ignores_range: bool = False
    says_length: bool = True
    says_length_of_parts: bool = True
    wrong_range: str = ""
    cuts: list[int] = field(default_factory=list)
    statuses: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/invented.gguf") -> str:
        return self.address + path

    @property
    def ranges(self) -> list[str]:
        return [headers.get("Range", "") for _, headers in self.requests]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_GET(self) -> None:
        hub = self.hub
        self.close_connection = True
        hub.requests.append((self.path, dict(self.headers)))
        path = self.path.partition("?")[0]
        if path in hub.redirects:
            self._head(302, {"Location": hub.redirects[path], "Content-Length": "0", **self._published()})
        elif hub.statuses:
            status, headers = hub.statuses.pop(0)
            self._head(status, {"Content-Length": "0", **headers})
        else:
            self._file()

    def _file(self) -> None:
        start = self._start()
        if start > len(self.hub.content) or (start and start == len(self.hub.content)):
            self._head(416, {"Content-Range": f"bytes */{len(self.hub.content)}", "Content-Length": "0"})
            return
        body = self.hub.content[start:]
        headers = {"ETag": self.hub.etag, "Last-Modified": self.hub.modified, **self._published()}
        if start:
            last = len(self.hub.content) - 1
            said = self.hub.wrong_range or f"bytes {start}-{last}/{len(self.hub.content)}"
            headers["Content-Range"] = said
        if self.hub.says_length and (self.hub.says_length_of_parts or not start):
            headers["Content-Length"] = str(len(body))
        self._head(206 if start else 200, headers)
        self._body(body)

    def _start(self) -> int:
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        validators = {self.hub.etag, self.hub.modified} - {""}
        if match is None or self.hub.ignores_range or self.headers.get("If-Range") not in validators:
            return 0
        return int(match[1])

    def _body(self, body: bytes) -> None:
        if self.hub.cuts:
            self.wfile.write(body[: self.hub.cuts.pop(0)])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.wfile.write(body)

    def _published(self) -> dict[str, str]:
        return {"X-Linked-ETag": self.hub.published}

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is no news."""


@contextmanager
def running_hub(content: bytes) -> Iterator[Hub]:
    """Serve the content on loopback while the block runs."""
    hub = Hub(content)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    with served(server):
        yield hub
