"""A model comes whole and confirmed, or not at all, over whatever connection there is."""

import fcntl
import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinical.inference.registry.download.partial import PartialFile
from clinical.inference.registry.download.pull import DownloadLimits, Wanted, pull
from clinical.inference.registry.errors import (
    AddressRefused,
    DownloadFailed,
    DownloadRefused,
    HashUnconfirmed,
    NoRoom,
)
from tests.clinical.inference.registry.hub import Hub, running_hub
from tests.clinical.inference.registry.weights import CHATML, write_gguf

QUICK = DownloadLimits(
    attempts=3, first_pause_seconds=0.01, longest_pause_seconds=0.05, silence_seconds=2, connect_seconds=2
)
CUT = 100_000


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = write_gguf(tmp_path_factory.mktemp("hub") / "a.gguf", tokens=CHATML, kilobytes=300)
    return file.read_bytes()


@pytest.fixture
def hub(content: bytes) -> Iterator[Hub]:
    with running_hub(content) as running:
        yield running


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "models" / "invented.gguf"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def fetch(
    hub: Hub,
    target: Path,
    *,
    sha: str | None = "",
    token: str | None = None,
    restart: bool = False,
    limits: DownloadLimits = QUICK,
) -> str:
    """Pull from the hub; the hash of what it serves is expected unless the test says otherwise."""
    expected = sha256(hub.content) if sha == "" else sha
    wanted = Wanted(address=hub.url(), target=target, sha256=expected, token=token)
    return pull(wanted, limits=limits, restart=restart)


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_whole_file_is_verified_and_put_in_its_place(hub, target, content):
    seen: list[tuple[int, int | None]] = []
    wanted = Wanted(address=hub.url(), target=target, sha256=sha256(content))
    found = pull(wanted, limits=QUICK, on_progress=lambda done, total: seen.append((done, total)))
    assert found == sha256(content)
    assert target.read_bytes() == content
    assert seen[0] == (0, len(content))
    assert seen[-1] == (len(content), len(content))
    assert names(target.parent) == {"invented.gguf"}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_cut_connection_is_continued_where_it_broke(hub, target, content):
    hub.cuts = [CUT, CUT]
    fetch(hub, target)
    assert target.read_bytes() == content
    assert hub.ranges == ["", f"bytes={CUT}-", f"bytes={2 * CUT}-"]


def test_a_download_that_gave_up_is_continued_by_the_next_call(hub, target, content):
    hub.cuts = [CUT, 0, 0, 0]
    with pytest.raises(DownloadFailed, match="100,000 bytes are kept"):
        fetch(hub, target)
    assert not target.exists()
    fetch(hub, target)
    assert target.read_bytes() == content
    assert hub.ranges[-1] == f"bytes={CUT}-"


def test_tries_that_bring_something_new_are_not_counted_against_it(hub, target, content):
    hub.cuts = [20_000] * 12
    fetch(hub, target)
    assert target.read_bytes() == content


def test_a_server_that_ignores_ranges_sends_it_all_again(hub, target, content):
    hub.cuts, hub.ignores_range = [CUT], True
    fetch(hub, target)
    assert target.read_bytes() == content
    assert hub.ranges == ["", f"bytes={CUT}-"]


def test_a_server_that_ignores_ranges_and_always_breaks_is_given_up(hub, target):
    hub.cuts, hub.ignores_range = [CUT] * 99, True
    with pytest.raises(DownloadFailed, match="in 3 tries"):
        fetch(hub, target)
    assert len(hub.requests) == 3


def test_a_file_that_changed_in_the_middle_is_fetched_anew(hub, target, content):
    hub.cuts = [CUT, 0, 0, 0]
    with pytest.raises(DownloadFailed):
        fetch(hub, target)
    hub.content, hub.etag = content + b"\x00" * 64, '"v2"'
    fetch(hub, target)
    assert target.read_bytes() == hub.content


def test_parts_of_two_files_are_never_joined_when_the_server_forgets_its_etag(hub, target, content):
    hub.cuts = [CUT, 0, 0, 0]
    with pytest.raises(DownloadFailed):
        fetch(hub, target)
    # It keeps the ETag although the content is another, so that only the length gives it away.
    hub.content = content[:4] + b"\x01" * (2 * CUT)
    fetch(hub, target)
    assert target.read_bytes() == hub.content


def test_a_part_that_is_not_the_one_asked_for_is_not_appended(hub, target, content):
    hub.cuts, hub.wrong_range = [CUT], f"bytes 5-{len(content) - 1}/{len(content)}"
    fetch(hub, target)
    assert target.read_bytes() == content
    assert hub.ranges == ["", f"bytes={CUT}-", ""]


@pytest.mark.parametrize("said", ["nonsense", "bytes 100000-200000/*"])
def test_a_part_that_does_not_say_which_it_is_is_not_appended(hub, target, said):
    hub.cuts, hub.wrong_range = [CUT], said
    with pytest.raises(DownloadFailed, match="without saying which"):
        fetch(hub, target)
    assert not target.exists()


def test_a_part_that_ends_early_without_a_length_is_continued(hub, target, content):
    hub.cuts, hub.says_length_of_parts = [CUT, CUT], False
    fetch(hub, target)
    assert target.read_bytes() == content
    assert hub.ranges == ["", f"bytes={CUT}-", f"bytes={2 * CUT}-"]


def test_without_a_strong_etag_or_date_nothing_is_continued(hub, target, content):
    hub.cuts, hub.etag, hub.modified = [CUT], 'W/"v1"', "Wed, 21 Oct 2025 07:28:00 GMT"
    fetch(hub, target)
    assert target.read_bytes() == content
    assert hub.ranges == ["", ""]


def test_a_date_is_enough_to_continue(hub, target, content):
    hub.cuts, hub.etag, hub.modified = [CUT], "", "Wed, 21 Oct 2025 07:28:00 GMT"
    fetch(hub, target)
    assert target.read_bytes() == content
    assert hub.ranges == ["", f"bytes={CUT}-"]


def test_a_file_that_shrank_is_fetched_anew(hub, target, content):
    hub.cuts = [CUT, 0, 0, 0]
    with pytest.raises(DownloadFailed):
        fetch(hub, target)
    hub.content = content[: CUT // 2]
    fetch(hub, target)
    assert target.read_bytes() == hub.content


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_server_in_trouble_is_asked_again(hub, target, content, status):
    hub.statuses = [(status, {"Retry-After": "0"}), (status, {})]
    fetch(hub, target)
    assert target.read_bytes() == content


def test_a_server_that_stays_in_trouble_is_a_typed_error(hub, target):
    hub.statuses = [(503, {})] * 9
    with pytest.raises(DownloadFailed, match="the server answered 503"):
        fetch(hub, target)
    assert len(hub.requests) == 3


def test_retry_after_is_waited_for_within_reason(hub, target, content, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    hub.statuses = [(503, {"Retry-After": "30"}), (503, {"Retry-After": "99999"})]
    fetch(hub, target, limits=DownloadLimits())
    assert pauses == [30, 60]


@pytest.mark.parametrize(
    ("status", "fix"),
    [(404, "check owner, name and file"), (401, "--token-file"), (403, "--token-file"), (418, "")],
)
def test_a_refusal_is_not_tried_again(hub, target, status, fix):
    hub.statuses = [(status, {})]
    with pytest.raises(DownloadRefused, match=f"answered {status}.*{fix}"):
        fetch(hub, target)
    assert len(hub.requests) == 1


def test_nobody_listening_is_a_typed_error(hub, target):
    with running_hub(b"GGUF") as gone:
        address = gone.url()
    with pytest.raises(DownloadFailed, match="ConnectError"):
        pull(Wanted(address=address, target=target, sha256="a" * 64), limits=QUICK)


def test_a_server_that_falls_silent_is_a_typed_error(target):
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/a.gguf"
        limits = DownloadLimits(attempts=2, silence_seconds=0.1, first_pause_seconds=0.01)
        with pytest.raises(DownloadFailed, match="ReadTimeout"):
            pull(Wanted(address=address, target=target, sha256="a" * 64), limits=limits)


def test_the_hash_that_the_hub_publishes_is_enough(hub, target, content):
    hub.published = f'"{sha256(content)}"'
    assert fetch(hub, target, sha=None) == sha256(content)
    assert target.exists()


def test_a_hub_that_lies_about_the_hash_gets_nothing_in(hub, target, content):
    hub.published = "f" * 64
    with pytest.raises(HashUnconfirmed) as caught:
        fetch(hub, target, sha=None)
    assert (caught.value.expected, caught.value.found) == ("f" * 64, sha256(content))
    assert not target.exists()


def test_another_hash_at_the_hub_stops_it_before_anything_is_fetched(hub, target):
    hub.published = "f" * 64
    with pytest.raises(DownloadRefused, match="Nothing was fetched"):
        fetch(hub, target)
    assert names(target.parent) == set()


def test_without_any_hash_the_file_waits_until_a_person_confirms_it(hub, target, content):
    hub.published = "not-a-hash"
    with pytest.raises(HashUnconfirmed, match=f"--sha256 {sha256(content)}") as caught:
        fetch(hub, target, sha=None)
    assert caught.value.found == sha256(content)
    assert names(target.parent) == {"invented.gguf.unverified", "invented.gguf.part.json"}
    fetch(hub, target, sha=caught.value.found)
    assert target.read_bytes() == content
    assert names(target.parent) == {"invented.gguf"}
    assert len(hub.requests) == 1


def test_a_mistyped_hash_costs_no_second_download(hub, target, content):
    with pytest.raises(HashUnconfirmed, match="if it was mistyped"):
        fetch(hub, target, sha="0" * 64)
    assert not target.exists()
    fetch(hub, target)
    assert target.read_bytes() == content
    assert len(hub.requests) == 1


def test_a_damaged_file_can_be_fetched_anew(hub, target, content):
    whole, hub.content = content, content[:-1] + b"\xff"
    with pytest.raises(HashUnconfirmed):
        fetch(hub, target, sha=sha256(whole))
    hub.content = whole
    fetch(hub, target, restart=True)
    assert target.read_bytes() == whole


def test_a_file_that_is_there_is_not_fetched_again_nor_replaced(hub, target, content):
    fetch(hub, target)
    assert fetch(hub, target) == sha256(content)
    assert len(hub.requests) == 1
    with pytest.raises(DownloadRefused, match="exists already"):
        fetch(hub, target, sha="0" * 64)
    with pytest.raises(DownloadRefused, match="exists already"):
        fetch(hub, target, sha=None)
    assert target.read_bytes() == content


def test_a_page_instead_of_a_model_is_refused_at_its_first_bytes(hub, target):
    hub.content = b"<!doctype html><title>Sign in</title>" * 9999
    with pytest.raises(DownloadRefused, match="is not a GGUF file"):
        fetch(hub, target)
    assert names(target.parent) == set()


def test_a_disk_without_room_is_told_before_the_download(hub, target):
    limits = DownloadLimits(spare_bytes=10**18)
    with pytest.raises(NoRoom, match="TACIT_MODELS_FOLDER"):
        fetch(hub, target, limits=limits)


def test_a_file_above_the_limit_is_refused(hub, target):
    limits = DownloadLimits(largest_bytes=1000)
    with pytest.raises(NoRoom, match="at most 1,000 are fetched"):
        fetch(hub, target, limits=limits)
    hub.says_length = False
    with pytest.raises(NoRoom, match="sends more than 1,000 bytes"):
        fetch(hub, target, limits=limits)


def test_a_server_that_does_not_say_the_length_is_followed_to_its_end(hub, target, content):
    hub.says_length = False
    fetch(hub, target)
    assert target.read_bytes() == content


def test_a_redirect_to_another_port_is_followed_without_the_token(hub, target, content):
    with running_hub(content) as store:
        hub.redirects = {"/invented.gguf": "/moved.gguf", "/moved.gguf": store.url("/blob?signature=secret")}
        hub.published = sha256(content)
        fetch(hub, target, sha=None, token="a-token")
        assert [headers.get("Authorization") for _, headers in hub.requests] == ["Bearer a-token"] * 2
        assert [headers.get("Authorization") for _, headers in store.requests] == [None]
    assert target.read_bytes() == content


def test_only_the_named_server_may_publish_the_hash(hub, target, content):
    with running_hub(content) as store:
        hub.redirects, store.published = {"/invented.gguf": store.url()}, sha256(content)
        with pytest.raises(HashUnconfirmed, match="Nobody has said"):
            fetch(hub, target, sha=None)


def test_redirects_without_end_are_given_up(hub, target):
    hub.redirects = {"/invented.gguf": "/invented.gguf"}
    with pytest.raises(DownloadRefused, match="redirects more than 5 times"):
        fetch(hub, target)


@pytest.mark.parametrize("place", ["http://192.0.2.1/a.gguf", "ftp://192.0.2.1/a.gguf", "file:///etc/passwd"])
def test_a_redirect_away_from_https_is_refused(hub, target, place):
    hub.redirects = {"/invented.gguf": place}
    with pytest.raises(AddressRefused, match="is not https"):
        fetch(hub, target)


def test_two_processes_do_not_write_the_same_file(hub, target):
    with PartialFile(target).only_here(), pytest.raises(DownloadFailed, match="another process"):
        fetch(hub, target)
    fetch(hub, target)


def test_a_folder_that_cannot_be_written_is_a_typed_error(hub, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DownloadFailed, match="cannot be written"):
        fetch(hub, tmp_path / "file" / "a.gguf")


def test_notes_that_make_no_sense_are_not_believed(hub, target, content):
    hub.cuts = [CUT, 0, 0, 0]
    with pytest.raises(DownloadFailed):
        fetch(hub, target)
    target.with_name("invented.gguf.part.json").write_text('{"address": 3}')
    fetch(hub, target)
    assert target.read_bytes() == content


def test_the_lock_is_free_after_a_failure(hub, target):
    hub.statuses = [(404, {})]
    with pytest.raises(DownloadRefused):
        fetch(hub, target)
    with target.with_name("again.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fetch(hub, target)
