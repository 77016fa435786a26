"""A small EHR on the loopback for tests: answers what it was given, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx


def bundle(*resources, next_link=None):
    """A searchset of the resources."""
    links = [{"relation": "next", "url": next_link}] if next_link else []
    entries = [{"resource": resource, "search": {"mode": "match"}} for resource in resources]
    return {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries}


class LoopbackEhr:
    """Answers every GET with `answer(path, query)`: a JSON value for 200, or (status, headers, bytes)."""

    def __init__(self, answer: Callable[[str, dict[str, list[str]]], object]) -> None:
        self.answer = answer
        self.requests: list[tuple[str, dict[str, list[str]], httpx.Headers]] = []
        self.stopping = threading.Event()
        self.base_url = ""

    @property
    def paths(self) -> list[str]:
        return sorted(path for path, _, _ in self.requests)


@contextmanager
def serving(answer) -> Iterator[LoopbackEhr]:
    ehr = LoopbackEhr(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            ehr.requests.append((parts.path, query, httpx.Headers(dict(self.headers))))
            given = ehr.answer(parts.path, query)
            if not isinstance(given, tuple):
                given = (200, {"Content-Type": "application/fhir+json"}, json.dumps(given).encode())
            status, headers, body = given
            try:
                self._send(status, headers, body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _send(self, status, headers, body) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            chunks = [body] if isinstance(body, bytes) else body
            if isinstance(body, bytes):
                self.send_header("Content-Length", str(len(body)))
            else:
                self.send_header("Connection", "close")
            self.end_headers()
            for chunk in chunks:
                self.wfile.write(chunk)

        def log_message(self, *args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ehr.base_url = f"http://127.0.0.1:{server.server_port}/fhir"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield ehr
    finally:
        ehr.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
