"""NCBI's E-utilities on loopback: ESearch, EPost and EFetch as they answer, with their limits and their faults.

Faithful to: NBK25499; the error bodies that the public E-utilities send (HTTP 429 with JSON that echoes the key, HTTP 400
or 200 with <ERROR>, pages of HTML, answers that break off).
"""

import gzip
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs

from tests.clinical.evidence.sync.library import Library

MOST_RECORDS = 9_999
MOST_POSTED = 10_000
ERROR = '<?xml version="1.0" encoding="UTF-8" ?>\n<{root}>\n\t<ERROR>{said}</ERROR>\n</{root}>\n'
PAGE = "<!DOCTYPE html>\n<html><head><title>NCBI - WWW Error Blocked Diagnostic</title></head><body>No.</body></html>"
BACKEND = "Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout"


@dataclass
class Request:
    """A request as it came."""

    tool: str
    form: dict[str, str]
    at: float
    path: str


@dataclass
class Fault:
    """What the server does once in place of an answer, to the next request of the tool (any tool where it is empty)."""

    name: str
    tool: str = ""


@dataclass
class State:
    """What the server holds and has seen."""

    library: Library = field(default_factory=Library)
    histories: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    known_key: str = "a-key-of-36-characters"
    limits_rate: bool = False
    on_request: Callable[[Request], None] = lambda _request: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def forget_histories(self) -> None:
        self.histories.clear()

    def forms(self, tool: str) -> list[dict[str, str]]:
        return [each.form for each in self.requests if each.tool == tool]

    def take_fault(self, tool: str) -> str:
        with self.lock:
            for fault in self.faults:
                if fault.tool in {"", tool}:
                    self.faults.remove(fault)
                    return fault.name
        return ""

    def remember(self, pmids: list[str], web_env: str = "") -> tuple[str, int]:
        with self.lock:
            web_env = web_env or f"MCID_{len(self.histories):024x}"
            sets = self.histories.setdefault(web_env, {})
            sets[len(sets) + 1] = pmids
            return web_env, len(sets)

    def is_too_fast(self, request: Request) -> bool:
        """Whether more came from this caller within the last second than it may send."""
        with self.lock:
            self.requests.append(request)
            recent = [each for each in self.requests if request.at - 1 < each.at <= request.at]
        return self.limits_rate and len(recent) > (10 if request.form.get("api_key") else 3)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def log_message(self, *_: Any) -> None: ...

    def do_POST(self) -> None:
        state = self.server.state
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        tool = self.path.rpartition("/")[2].removesuffix(".fcgi")
        request = Request(tool, form, time.monotonic(), self.path)
        if state.is_too_fast(request):
            state.refused += 1
            return self._rate_limited(form, {})
        state.on_request(request)
        if fault := state.take_fault(tool):
            return self._fail(fault, tool, form)
        if form.get("api_key") not in {None, state.known_key}:
            return self._send(
                400, json.dumps({"error": "API key invalid", "api-key": form["api_key"], "type": "eutils"})
            )
        return self._answer(tool, form)

    def _answer(self, tool: str, form: dict[str, str]) -> None:
        answers = {"esearch": self._search, "epost": self._post, "efetch": self._fetch}
        status, text = answers[tool](form)
        self._send(status, text)

    def _search(self, form: dict[str, str]) -> tuple[int, str]:
        state = self.server.state
        web_env = form.get("WebEnv", "")
        if web_env and web_env not in state.histories:
            return 200, json.dumps(
                {"header": {"type": "esearch"}, "esearchresult": {"ERROR": "Unable to obtain query #1"}}
            )
        pmids = state.library.find(form["term"], state.histories.get(web_env, {}))
        if "datetype" in form:
            first, last = (
                date.fromisoformat(form[name].replace("/", "-")) for name in ("mindate", "maxdate")
            )
            name = {"edat": "added_on", "mdat": "changed_on"}[form["datetype"]]
            pmids = [pmid for pmid in pmids if first <= getattr(state.library.articles[pmid], name) <= last]
        start, size = int(form.get("retstart", 0)), min(int(form.get("retmax", 20)), MOST_RECORDS)
        result: dict[str, Any] = {"count": str(len(pmids)), "retmax": str(size), "retstart": str(start)}
        if form.get("usehistory") == "y":
            web_env, key = state.remember(pmids, web_env)
            result |= {"querykey": str(key), "webenv": web_env}
        result |= {
            "idlist": pmids[start : start + size],
            "translationset": [],
            "querytranslation": form["term"],
        }
        return 200, json.dumps({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result})

    def _post(self, form: dict[str, str]) -> tuple[int, str]:
        pmids = form["id"].split(",")
        if len(pmids) > MOST_POSTED:
            return 400, ERROR.format(root="ePostResult", said="Too many UIDs in request")
        web_env, key = self.server.state.remember(pmids)
        return (
            200,
            f"<?xml version='1.0'?><ePostResult><QueryKey>{key}</QueryKey><WebEnv>{web_env}</WebEnv></ePostResult>",
        )

    def _fetch(self, form: dict[str, str]) -> tuple[int, str]:
        state = self.server.state
        sets = state.histories.get(form["WebEnv"])
        start, size = int(form["retstart"]), int(form["retmax"])
        if sets is None:
            said = f"Cannot retrieve history data. query_key: {form['query_key']}, WebEnv: {form['WebEnv']}, retstart: {start}, retmax: {size}"
            return 400, ERROR.format(root="eFetchResult", said=said)
        if start >= MOST_RECORDS:
            said = "Search backend cannot retrieve history data. Reason: Exception: 'retstart' cannot be larger than 9998."
            return 400, ERROR.format(root="eFetchResult", said=said)
        return 200, state.library.xml(sets[int(form["query_key"])][start : start + size])

    def _fail(self, fault: str, tool: str, form: dict[str, str]) -> None:
        root = {"esearch": "eSearchResult", "epost": "ePostResult", "efetch": "eFetchResult"}[tool]
        plain = {
            "500": (500, PAGE, {}),
            "503": (503, "Service Unavailable", {"Retry-After": "1"}),
            "page": (200, PAGE, {}),
            "backend": (200, ERROR.format(root=root, said=BACKEND), {}),
            "backend-400": (
                400,
                ERROR.format(root=root, said="Search Backend failed: backend unavailable"),
                {},
            ),
            "redirect": (302, "", {"Location": "https://elsewhere.example/"}),
            "refused": (
                400,
                ERROR.format(root=root, said=f"Invalid db name specified: {form.get('term')}"),
                {},
            ),
            "query-gone": (200, ERROR.format(root=root, said="Unable to obtain query #1"), {}),
            "other-shape": (200, '{"esearchresult": {"count": "many", "idlist": []}}', {}),
            "rate-200": (200, json.dumps({"error": "API rate limit exceeded", "count": "11"}), {}),
            "wait-a-day": (429, "", {"Retry-After": "86400"}),
            "empty": (200, "", {}),
        }
        if fault in plain:
            self._send(*plain[fault])
        elif fault == "429":
            self._rate_limited(form, {"Retry-After": "1"})
        else:
            getattr(self, f"_{fault}")(tool, form)

    def _rate_limited(self, form: dict[str, str], headers: dict[str, str]) -> None:
        said = {
            "error": "API rate limit exceeded",
            "api-key": form.get("api_key", "127.0.0.1"),
            "count": "4",
            "limit": "3",
        }
        self._send(429, json.dumps(said), {"X-RateLimit-Limit": "3", **headers})

    def _broken(self, _tool: str, _form: dict[str, str]) -> None:
        self.close_connection = True

    def _cut(self, tool: str, form: dict[str, str]) -> None:
        """Send half of the answer as if it were all of it."""
        text = {"esearch": self._search, "epost": self._post, "efetch": self._fetch}[tool](form)[1]
        self._send(200, text[: len(text) // 2])

    def _dropped(self, tool: str, form: dict[str, str]) -> None:
        """Promise more than comes."""
        self._send(200, "<PubmedArticleSet>", {}, promised=10_000)
        self.close_connection = True

    def _slow(self, tool: str, form: dict[str, str]) -> None:
        time.sleep(1.5)
        self._answer(tool, form)

    def _dripping(self, _tool: str, _form: dict[str, str]) -> None:
        """Send a little at a time, for ever."""
        self._head(200, {}, 10_000_000)
        for _ in range(100):
            self.wfile.write(b" " * 10)
            time.sleep(0.1)

    def _huge(self, _tool: str, _form: dict[str, str]) -> None:
        self._send(200, f"<PubmedArticleSet>{' ' * 3_000_000}")

    def _head(self, status: int, headers: dict[str, str], size: int) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def _send(
        self, status: int, text: str, headers: dict[str, str] | None = None, *, promised: int | None = None
    ) -> None:
        body, headers = text.encode(), headers or {}
        if "gzip" in self.headers.get("Accept-Encoding", "") and promised is None:
            body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
        self._head(status, headers, promised or len(body))
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """The server, on a free port of loopback."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.state = State()

    @property
    def address(self) -> str:
        host, port = cast(tuple[str, int], self.server_address)
        return f"http://{host}:{port}/entrez/eutils/"

    def handle_error(self, *_: Any) -> None:
        """Remember what went wrong here; a client that gives up is no error of the server's."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            self.state.errors.append(repr(error))


@contextmanager
def running_server() -> Iterator[Server]:
    """Serve while the block runs."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
