"""An ingest may be killed at any moment, and the disk may fill: what was committed stays, and the same call goes on."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clinical.evidence.corpora import ingest as ingesting
from clinical.evidence.corpora.intake import Intake
from clinical.evidence.corpora.journal import Journal
from clinical.evidence.domain import Source
from clinical.evidence.errors import IndexNotWritten
from clinical.evidence.index import CITABLE, EvidenceIndex, EvidenceWriter
from tests.clinical.evidence.corpora.library import article, ingest, sources, write_csv, write_xml

ROOT = Path(__file__).parents[4]
INGEST = """
import sys
from pathlib import Path
from clinical.evidence.corpora import ingest
ingest.COMMIT_EVERY = int(sys.argv[1])
folder, *paths = map(Path, sys.argv[2:])
print("ready", flush=True)
ingest.ingest_into(folder, paths, corpus="pubmed")
print("done", flush=True)
"""


def library(folder: Path, records: int) -> list[Path]:
    """Return two files with revisions, a deletion, a notice and a copy that it retracts."""
    first = [article(number, text=f"Gout hurts in way {number}.") for number in range(records)]
    second = [article(number, text=f"Revised {number}.") for number in range(0, records, 3)]
    notice = article(records, types=("Retraction of Publication",), link=("RetractionOf", 7))
    deleted = "<DeleteCitation><PMID>11</PMID></DeleteCitation>"
    return [
        write_xml(folder / "pubmed21n0001.xml", *first, notice),
        write_xml(folder / "pubmed21n0002.xml", *second, deleted),
    ]


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return library(tmp_path_factory.mktemp("in"), 20)


@pytest.fixture(scope="module")
def undisturbed(paths: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    folder = tmp_path_factory.mktemp("undisturbed")
    ingest(folder, *paths)
    return sources(folder)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("survived", range(12))
def test_an_ingest_that_ends_at_any_step_of_a_commit_goes_on_to_the_same_index(
    paths, undisturbed, tmp_path, monkeypatch, survived
):
    monkeypatch.setattr(ingesting, "COMMIT_EVERY", 5)
    steps = 0

    def or_die(function):
        def step(*arguments):
            nonlocal steps
            steps += 1
            if steps > survived:
                raise Killed
            return function(*arguments)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(Intake, "_restate_copies", or_die(Intake._restate_copies))
        patch.setattr(EvidenceWriter, "commit", or_die(EvidenceWriter.commit))
        patch.setattr(Journal, "commit", or_die(Journal.commit))
        with pytest.raises(Killed):
            ingest(tmp_path / "killed", *paths)
    report = ingest(tmp_path / "killed", *paths)
    assert sources(tmp_path / "killed") == undisturbed
    assert report.counts.records == 21 + 8


def start(folder: Path, paths: list[Path]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", INGEST, "200", str(folder), *map(str, paths)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_an_ingest_killed_at_random_moments_ends_with_the_same_index(tmp_path: Path) -> None:
    paths = library(tmp_path / "in", 6_000)
    ingest(tmp_path / "undisturbed", *paths)
    killed, moments = 0, random.Random(7)
    for _ in range(40):
        process = start(tmp_path / "killed", paths)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moments.uniform(0.02, 1.0))
        process.send_signal(signal.SIGKILL)
        rest = process.communicate()[0]
        if (tmp_path / "killed" / "format").exists():
            EvidenceIndex(tmp_path / "killed").count(CITABLE)
        if "done" in rest:
            break
        killed += 1
    ingest(tmp_path / "killed", *paths)
    assert killed >= 2
    assert sources(tmp_path / "killed") == sources(tmp_path / "undisturbed")


def test_one_kill_in_the_middle_is_made_good(tmp_path: Path) -> None:
    paths = library(tmp_path / "in", 1_500)
    ingest(tmp_path / "undisturbed", *paths)
    process = start(tmp_path / "killed", paths)
    while process.poll() is None and not list((tmp_path / "killed").glob("tantivy/*.store")):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.stdout is not None
    assert "done" not in process.communicate()[0]
    ingest(tmp_path / "killed", *paths)
    assert sources(tmp_path / "killed") == sources(tmp_path / "undisturbed")


def test_a_stop_by_the_keyboard_leaves_the_last_commit(paths, undisturbed, tmp_path, monkeypatch):
    monkeypatch.setattr(ingesting, "COMMIT_EVERY", 5)
    put = Intake.put

    def put_or_stop(intake, record, counts):
        if counts.records == 13:
            raise KeyboardInterrupt
        put(intake, record, counts)

    with monkeypatch.context() as patch:
        patch.setattr(Intake, "put", put_or_stop)
        with pytest.raises(KeyboardInterrupt):
            ingest(tmp_path / "index", *paths)
    assert len(sources(tmp_path / "index")) == 10
    ingest(tmp_path / "index", *paths)
    assert sources(tmp_path / "index") == undisturbed


FULL = """
import resource, sys
from pathlib import Path
from clinical.evidence.corpora import ingest
from clinical.evidence.errors import IndexNotWritten
ingest.COMMIT_EVERY = 200
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
try:
    ingest.ingest_into(Path(sys.argv[2]), [Path(sys.argv[3])], corpus="full")
except IndexNotWritten as error:
    print("typed:", error)
"""


@pytest.mark.parametrize("bytes_a_file", [2_000, 40_000, 150_000])
def test_a_file_that_may_not_grow_further_is_a_typed_error_and_loses_nothing(tmp_path, bytes_a_file):
    ingest(tmp_path / "index", *library(tmp_path / "in", 50))
    before = sources(tmp_path / "index")
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=8)) for _ in range(20_000)]
    rows = (f"{number},Gout {number},{' '.join(rng.choices(words, k=120))},," for number in range(2_000))
    path = write_csv(tmp_path / "x.csv", *rows)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(bytes_a_file), str(tmp_path / "index"), str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("typed:"), done.stderr[-2_000:]
    assert "make room on the disk" in done.stdout
    assert sources(tmp_path / "index") == before
    ingest(tmp_path / "index", path, corpus="full")
    assert len(sources(tmp_path / "index", "full")) == 2_000


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_a_typed_error_and_the_index_still_opens(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], check=False)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        ingest(disk / "index", *library(tmp_path / "in", 50))
        before = sources(disk / "index")
        text = " ".join(f"word{number}" for number in range(400))
        path = write_csv(
            tmp_path / "x.csv", *(f"{n},Gout {n},{n} {text} {os.urandom(200).hex()},," for n in range(9_000))
        )
        with pytest.raises(IndexNotWritten, match="make room"):
            ingest(disk / "index", path, corpus="full")
        assert sources(disk / "index") == before
        assert EvidenceIndex(disk / "index").size == len(before)
    finally:
        subprocess.run(["/bin/umount", disk], check=True)
