"""A small EHR on the loopback for tests: answers what it was given, and remembers what it was asked."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.serving import served

Answer = Callable[[str, dict[str, list[str]]], object]


def bundle(*resources, next_link=None):
    """A searchset of the resources."""
    links = [{"relation": "next", "url": next_link}] if next_link else []
    entries = [{"resource": resource, "search": {"mode": "match"}} for resource in resources]
    return {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries}


class LoopbackEhr:
    """Answers every GET with `answer(path, query)`: a JSON value for 200, (status, headers, bytes), or a function
    that writes to the connection itself.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[tuple[str, dict[str, list[str]], httpx.Headers]] = []
        self.base_url = ""

    @property
    def paths(self) -> list[str]:
        return sorted(path for path, _, _ in self.requests)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    ehr: LoopbackEhr

    def handle(self):
        with suppress(ConnectionError):  # a client that has lost patience hangs up
            super().handle()

    def do_GET(self):
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        self.ehr.requests.append((parts.path, query, httpx.Headers(dict(self.headers))))
        given = self.ehr.answer(parts.path, query)
        if callable(given):
            given(self.wfile)
        elif isinstance(given, tuple):
            self._send(*given)
        else:
            self._send(200, {"Content-Type": "application/fhir+json"}, json.dumps(given).encode())

    def _send(self, status, headers, body):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@contextmanager
def serving(answer: Answer) -> Iterator[LoopbackEhr]:
    ehr = LoopbackEhr(answer)
    handler = type("Handler", (_Handler,), {"ehr": ehr})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    ehr.base_url = f"http://127.0.0.1:{server.server_port}/fhir"
    with served(server):
        yield ehr
