"""A file read by a process of its own brings the same records, the same error, and leaves no process behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.readers import ahead
from clinical.evidence.readers.ahead import Placed, read_placed
from clinical.evidence.readers.formats import Format
from clinical.evidence.readers.records import Reading
from tests.clinical.evidence.corpus import ARTICLES
from tests.clinical.evidence.readers.files import write


def reading(path: Path) -> Reading:
    return Reading(path=path, name=path.name, corpus="pubmed")


def placed(path: Path, **options: int) -> list[Placed]:
    return list(read_placed(reading(path), Format.PUBMED, **options))


@pytest.fixture
def own_process(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every file in a process of its own, three records a batch; the processes that were started."""
    started: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen[bytes]):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[call-overload]  # passed on
            started.append(self)

    monkeypatch.setattr(ahead, "LEAST_BYTES", 0)
    monkeypatch.setattr(subprocess, "Popen", Watched)
    monkeypatch.setattr(
        ahead, "_READER", ahead._READER.replace("send_records(int", "ahead._BATCH = 3; send_records(int")
    )
    monkeypatch.setattr(ahead, "_READER", f"from clinical.evidence.readers import ahead; {ahead._READER}")
    return started


def test_the_records_are_the_same_and_so_is_what_is_left_of_them(own_process, monkeypatch):
    theirs, rest = placed(ARTICLES), placed(ARTICLES, skip=4)
    assert len(own_process) == 2
    monkeypatch.setattr(ahead, "LEAST_BYTES", 1 << 40)
    assert placed(ARTICLES) == theirs
    assert theirs[4:] == rest
    assert len(own_process) == 2


def test_a_damaged_file_brings_what_it_held_and_then_the_same_error(own_process, tmp_path, monkeypatch):
    path = write(tmp_path / "cut.xml", ARTICLES.read_bytes()[:6_000])

    def read_until_damage() -> tuple[list[Placed], str]:
        found: list[Placed] = []
        with pytest.raises(CorpusUnreadable, match=r"cut\.xml") as refused:
            found.extend(read_placed(reading(path), Format.PUBMED))
        return found, str(refused.value)

    theirs = read_until_damage()
    assert len(theirs[0]) > 3
    monkeypatch.setattr(ahead, "LEAST_BYTES", 1 << 40)
    assert read_until_damage() == theirs


def test_a_reader_that_is_killed_is_a_typed_error(own_process, tmp_path):
    articles = b"<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>A</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    path = write(tmp_path / "long.xml", b"<PubmedArticleSet>" + articles * 20_000 + b"</PubmedArticleSet>")
    records = read_placed(reading(path), Format.PUBMED)
    next(records)
    os.kill(own_process[0].pid, signal.SIGKILL)
    with pytest.raises(CorpusUnreadable, match="was ended. Run the same command again"):
        list(records)


def test_a_reader_ends_when_nobody_wants_more(own_process, tmp_path):
    articles = b"<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>A</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    path = write(tmp_path / "long.xml", b"<PubmedArticleSet>" + articles * 20_000 + b"</PubmedArticleSet>")
    records = read_placed(reading(path), Format.PUBMED)
    next(records)
    records.close()
    assert own_process[0].returncode == 0


def test_the_callers_own_script_is_not_run_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[4])!r})\n"
        "from pathlib import Path\n"
        "from clinical.evidence.readers import ahead\n"
        "from clinical.evidence.readers.records import Reading\n"
        "print('once')\n"
        "ahead.LEAST_BYTES = 0\n"
        f"reading = Reading(path=Path({str(ARTICLES)!r}), name='x', corpus='pubmed')\n"
        "print(sum(1 for _ in ahead.read_placed(reading, ahead.Format.PUBMED)))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["once", "9"]
