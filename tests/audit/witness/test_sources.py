"""A log is read over https, over plain http on this machine, or from a folder; whatever it answers is a typed error."""

import http.server
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.tlog.errors import TileMissing
from audit.tlog.tiles import Tile
from audit.witness import sources
from audit.witness.addresses import checked_address
from audit.witness.errors import SettingInvalid, SourceUnavailable
from audit.witness.sources import FolderSource, HttpSource
from tests.audit.tlog.logs import MemoryLog, leaves
from tests.audit.witness.conftest import LOG_KEY, Watched
from tests.serving import served


class Handler(http.server.SimpleHTTPRequestHandler):
    folder: Path
    status: int | None = None
    seen: list[str]
    tokens: list[str | None]

    def do_GET(self) -> None:
        self.seen.append(self.headers["Accept-Encoding"])
        self.tokens.append(self.headers["Authorization"])
        if self.status:
            self.send_response(self.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            return
        super().do_GET()

    def translate_path(self, path: str) -> str:
        return str(self.folder / path.removeprefix("/audit/"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def web(watched: Watched) -> Iterator[tuple[str, type[Handler]]]:
    handler = type("OwnHandler", (Handler,), {"folder": watched.folder, "seen": [], "tokens": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, served(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/audit/", handler


def test_a_log_is_watched_over_http(watched: Watched, web: tuple[str, type[Handler]]) -> None:
    url, handler = web
    with HttpSource(url) as source:
        watched.publish(MemoryLog().append(leaves(300)))
        assert watched.witness.start(source)[0].size == 300
        watched.publish(MemoryLog().append(leaves(900)))
        assert watched.witness.observe(source)[0].size == 900
        assert set(handler.seen) == {"identity"}


def test_http_and_folder_give_the_same_and_miss_the_same(
    watched: Watched, web: tuple[str, type[Handler]]
) -> None:
    MemoryLog().append(leaves(300)).publish(watched.folder, LOG_KEY)
    with HttpSource(web[0]) as over_http:
        for source in (over_http, FolderSource(watched.folder)):
            assert source.checkpoint() == (watched.folder / "checkpoint").read_bytes()
            assert source.tile(Tile(0, 1, 44)) == b"".join(leaves(300)[256:])
            with pytest.raises(TileMissing):
                source.tile(Tile(0, 1))


def test_the_token_is_sent_where_there_is_one(watched: Watched, web: tuple[str, type[Handler]]) -> None:
    watched.publish(MemoryLog().append(leaves(3)))
    url, handler = web
    for token in (None, "secret"):
        with HttpSource(url, token=token) as source:
            source.checkpoint()
    assert handler.tokens == [None, "Bearer secret"]


@pytest.mark.parametrize("status", [204, 302, 404, 429, 500])
def test_another_status_is_no_checkpoint(web: tuple[str, type[Handler]], status: int) -> None:
    url, handler = web
    handler.status = status
    with HttpSource(url) as source, pytest.raises(SourceUnavailable, match=str(status)):
        source.checkpoint()
    assert len(handler.seen) == 1
    expected = TileMissing if status == 404 else SourceUnavailable
    with HttpSource(url) as source, pytest.raises(expected):
        source.tile(Tile(0, 0))


def test_an_answer_without_end_is_cut_off(watched: Watched, web: tuple[str, type[Handler]]) -> None:
    (watched.folder / "checkpoint").write_bytes(b"a" * 5_000_000)
    with HttpSource(web[0]) as source:
        assert len(source.checkpoint()) == 256 * 1024 + 1


def test_an_answer_that_drips_is_given_up(
    watched: Watched, web: tuple[str, type[Handler]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (watched.folder / "checkpoint").write_bytes(b"a")
    monkeypatch.setattr(sources, "REQUEST_SECONDS", -1.0)
    with HttpSource(web[0]) as source, pytest.raises(SourceUnavailable, match="longer than"):
        source.checkpoint()


def test_a_log_that_is_down_is_unavailable() -> None:
    with HttpSource("http://127.0.0.1:9") as source, pytest.raises(SourceUnavailable, match="ConnectError"):
        source.checkpoint()


def test_a_folder_that_is_none_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceUnavailable):
        FolderSource(tmp_path / "nothing").checkpoint()
    with pytest.raises(SourceUnavailable, match="cannot be read"):
        FolderSource(tmp_path / "file").checkpoint()


def test_no_certificates_in_a_file_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    for name in ("ca.pem", "missing.pem"):
        with pytest.raises(SettingInvalid, match="PEM"):
            HttpSource("https://hospital.example", ca_file=tmp_path / name)


@pytest.mark.parametrize(
    "url",
    [
        "https://hospital.example/audit",
        "https://hospital.example:8443",
        "http://127.0.0.1:8000/audit",
        "http://[::1]:8000",
        "http://localhost",
    ],
)
def test_addresses_that_are_spoken_to(url: str) -> None:
    assert checked_address(f"{url}/") == url


@pytest.mark.parametrize(
    "url",
    [
        "http://hospital.example/audit",
        "http://10.0.0.1",
        "http://127.0.0.1.evil.example",
        "ftp://127.0.0.1",
        "file:///etc",
        "https://",
        "https://user:pass@hospital.example",
        "https://hospital.example/?a=b",
        "https://hospital.example/#a",
        "https://hospital.example:port",
        "https://[::1",
        "hospital.example",
    ],
)
def test_addresses_that_are_not(url: str) -> None:
    with pytest.raises(SettingInvalid):
        checked_address(url)
