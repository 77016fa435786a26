"""`manage.py evidence`, as a librarian of a hospital uses it: results on standard output, one message for a failure."""

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from clinical.evidence.corpora.intake import Intake
from config.management.commands.evidence import SUBCOMMANDS
from tests.clinical.evidence.corpora.library import article, write_csv, write_xml
from tests.config import running

ROOT = Path(__file__).parents[3]
PROTOCOL = """---
title: Atrial fibrillation
organisation: Ward 7
year: 2024
---
# Anticoagulation

Apixaban is recommended over warfarin in atrial fibrillation.
"""


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    folder = settings.TACIT_EVIDENCE_FOLDER = tmp_path / "evidence"
    return folder


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with articles, one of them retracted, a table with faults, and a protocol."""
    source = tmp_path / "in"
    retracted = article(2, title="Gout cured", types=("Retracted Publication",))
    write_xml(source / "pubmed21n0001.xml", article(1, title="Colchicine in gout"), retracted)
    return source


run, run_json = partial(running.run, "evidence"), partial(running.run_json, "evidence")


def test_the_subcommands_are_those_of_the_contract() -> None:
    assert set(SUBCOMMANDS) == {"ingest", "sync", "corpora", "status", "search", "show", "remove"}


def test_ingest_says_what_became_of_the_records_and_may_be_repeated(files: Path) -> None:
    first = run_json("ingest", files, "--corpus", "pubmed")
    assert (first["corpus"], first["files_read"], first["added"], first["unchanged"]) == ("pubmed", 1, 2, 0)
    second = run_json("ingest", files, "--corpus", "pubmed")
    assert (second["files_read"], second["files_unchanged"], second["unchanged"]) == (0, 1, 2)
    assert "0 files read, 1 in the index already" in run("ingest", files, "--corpus", "pubmed")


def test_ingest_names_the_first_records_that_it_left_out(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", "1,,No title.,,", "2,Gout,Hurts.,,", "2,Gout,Hurts.,,", "3,Empty,,,")
    said = run("ingest", path, "--corpus", "ours")
    assert "1 skipped, missing-title: x.csv: line 2" in said
    assert "1 skipped, duplicate-id: x.csv: record 3" in said
    assert "1 without a text of their own: kept to be read, never cited" in said


def test_corpora_are_listed_as_they_were_described(files: Path, tmp_path: Path) -> None:
    (tmp_path / "af.md").write_text(PROTOCOL, encoding="utf-8")
    said = ("--title", "Ward rules", "--source", "intranet", "--licence", "own", "--date", "2026-01-02")
    run("ingest", tmp_path / "af.md", "--corpus", "ward", "--kind", "protocols", *said)
    run("ingest", files, "--corpus", "pubmed")
    pubmed, ward = run_json("corpora")["corpora"]
    assert ward == {
        "name": "ward",
        "title": "Ward rules",
        "source": "intranet",
        "licence": "own",
        "date": "2026-01-02",
        "kind": "protocols",
        "retractions_checked_on": None,
        "sources": 1,
        "files": 1,
        "unfinished": [],
    }
    assert (pubmed["sources"], pubmed["retractions_checked_on"]) == (2, "2021-06-07")
    assert "retractions checked on: never" in run("corpora")


def test_status_counts_what_the_index_holds(files: Path, folder: Path) -> None:
    run("ingest", files, "--corpus", "pubmed")
    status = run_json("status")
    assert (status["sources"], status["citable"], status["retracted"]) == (2, 1, 1)
    assert status["folder"] == str(folder)
    assert "1 may be cited, 0 have no text of their own, 1 are retracted" in run("status")


def test_show_tells_that_a_source_is_retracted_and_since_when_it_is_not_known(files: Path) -> None:
    run("ingest", files, "--corpus", "pubmed")
    shown = run_json("show", "pmid:2")
    assert shown["is_citable"] is False
    assert shown["source"]["retraction"] == {"state": "retracted", "checked_on": "2021-06-07"}
    assert shown["source"]["text"] == "Gout hurts."
    assert "Retracted: it is never cited as evidence." in run("show", "pmid:2")
    assert "Not known whether it was retracted. Last checked on 2021-06-07." in run("show", "pmid:1")


def test_a_fresh_check_is_told_as_such(files: Path, settings: Any) -> None:
    settings.TACIT_RETRACTION_CHECK_DAYS = 36_500
    run("ingest", files, "--corpus", "pubmed")
    assert "Not retracted. Last checked on 2021-06-07." in run("show", "pmid:1")


def test_search_brings_what_stands_in_the_corpora_that_were_named(files: Path, tmp_path: Path) -> None:
    (tmp_path / "af.md").write_text(PROTOCOL, encoding="utf-8")
    run("ingest", files, "--corpus", "pubmed")
    run("ingest", tmp_path / "af.md", "--corpus", "ward", "--kind", "protocols")
    everywhere = run_json("search", "gout")["hits"]
    assert "pmid:1" in {hit["source_id"] for hit in everywhere}
    assert "pmid:2" not in {hit["source_id"] for hit in everywhere}
    wanted = ("--corpus", "ward", "--grade", "guideline", "--year-from", "2024", "--limit", "1")
    [hit] = run_json("search", "apixaban or warfarin", *wanted)["hits"]
    assert (hit["source_id"], hit["corpus"], hit["grade"]) == ("ward/af#anticoagulation", "ward", "guideline")
    assert "Nothing was found" in run("search", "apixaban", "--year-to", "1950")


def test_remove_takes_a_corpus_away_only_when_told_twice(files: Path) -> None:
    run("ingest", files, "--corpus", "pubmed")
    run("ingest", files, "--corpus", "copy")
    with pytest.raises(CommandError, match="--yes"):
        run("remove", "copy")
    assert run_json("remove", "copy", "--yes") == {"removed": "copy", "sources": 2}
    assert [corpus["name"] for corpus in run_json("corpora")["corpora"]] == ["pubmed"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ingest", "none.csv", "--corpus", "x"), "corpus-unreadable", "no such file"),
        (("ingest", "{in}", "--corpus", "Big Name"), "corpus-invalid", "small letters"),
        (("ingest", "{odd}", "--corpus", "x"), "format-unknown", "--format"),
        (("show", "pmid:9"), "source-not-found", "pmid:9"),
        (("remove", "nothing", "--yes"), "corpus-unknown", "There are: pubmed"),
    ],
)
def test_bad_input_is_one_line_with_the_fix(files, tmp_path, arguments, code, words):
    run("ingest", files, "--corpus", "pubmed")
    (tmp_path / "odd.bin").write_text("words")
    given = [each.format(**{"in": files, "odd": tmp_path / "odd.bin"}) for each in arguments]
    with pytest.raises(CommandError, match=words) as refused:
        run(*given)
    assert "\n" not in str(refused.value)
    assert run_json(*given, code=1)["type"] == f"urn:tacit:problem:{code}"


def test_without_an_index_the_fix_is_told() -> None:
    for arguments in (("status",), ("corpora",), ("show", "pmid:1"), ("search", "gout")):
        with pytest.raises(CommandError, match="load_evidence"):
            run(*arguments)


def test_a_stop_by_the_keyboard_says_how_to_go_on(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Intake, "put", stop)
    with pytest.raises(CommandError, match="the same command goes on"):
        run("ingest", files, "--corpus", "pubmed")


def test_a_failure_of_the_process_itself_prints_no_trace(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "evidence", "ingest", tmp_path / "none.xml", "--corpus", "x"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "TACIT_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "no such file" in done.stderr
    assert "Traceback" not in done.stderr
