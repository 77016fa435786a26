"""Loading ends with the same index, however often it is cut short or repeated."""

import gzip
import json
from pathlib import Path

import pytest

from clinical.evidence import loading
from clinical.evidence.corpora import ingest
from clinical.evidence.corpora.catalogue import find_corpus
from clinical.evidence.corpora.journal import Journal
from clinical.evidence.corpora.removal import remove_corpus
from clinical.evidence.errors import CorpusUnreadable, SourceNotFound
from clinical.evidence.index import EvidenceIndex, EvidenceWriter
from clinical.evidence.loading import LoadReport, is_complete, load_starter
from tests.clinical.evidence.corpus import ARTICLES, make_content_folder

REPORT = LoadReport(articles=5, guidelines=2, deleted=2, without_abstract=1, retracted=1)
IDS = [
    *("pmid:101", "pmid:102", "pmid:103", "pmid:104", "pmid:105"),
    *("doi:10.1000/af.2023#anticoagulation", "doi:10.1000/af.2023#rate_control"),
]


@pytest.fixture
def content(tmp_path):
    return make_content_folder(tmp_path / "content")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


def load(content, folder, **options):
    return load_starter(content_folder=content, index_folder=folder, **options)


def documents(folder: Path) -> dict[str, object]:
    index = EvidenceIndex(folder)
    assert index.size == len(IDS)
    return {source_id: index.read(source_id) for source_id in IDS}


def test_everything_is_loaded_and_counted(content, folder):
    assert load(content, folder) == REPORT
    assert is_complete(folder)
    assert len(documents(folder)) == 7


def test_the_newer_version_stays_and_the_deleted_record_goes(content, folder):
    load(content, folder)
    index = EvidenceIndex(folder)
    assert index.read("pmid:105").year == 2020
    with pytest.raises(SourceNotFound):
        index.read("pmid:106")


def test_a_second_load_touches_nothing(content, folder, monkeypatch):
    load(content, folder)
    monkeypatch.setattr(loading, "ingest_into", None)
    assert load(content, folder) == REPORT


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("survived", range(8))
def test_a_load_killed_anywhere_goes_on_to_the_same_documents(
    content, folder, tmp_path, monkeypatch, survived
):
    load(content, tmp_path / "uninterrupted")
    monkeypatch.setattr(ingest, "COMMIT_EVERY", 2)
    commits = 0

    def commit_or_die(journal):
        nonlocal commits
        commits += 1
        if commits > survived:
            raise Killed
        commit(journal)

    commit = Journal.commit
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "commit", commit_or_die)
        try:
            load(content, folder)
        except Killed:
            assert not is_complete(folder)
    assert load(content, folder) == REPORT
    assert documents(folder) == documents(tmp_path / "uninterrupted")


def test_a_resumed_load_does_not_add_committed_records_again(content, folder, monkeypatch):
    monkeypatch.setattr(ingest, "COMMIT_EVERY", 2)
    added: list[str] = []
    add = EvidenceWriter.add

    def add_or_die(writer, source):
        if source.id == "pmid:105" and "pmid:105" not in added:
            added.append(source.id)
            raise Killed
        added.append(source.id)
        add(writer, source)

    monkeypatch.setattr(EvidenceWriter, "add", add_or_die)
    with pytest.raises(Killed):
        load(content, folder)
    load(content, folder)
    assert added.count("pmid:101") == 1
    assert documents(folder)


def test_progress_grows_to_the_whole_size(content, folder, monkeypatch):
    monkeypatch.setattr(ingest, "REPORT_EVERY", 2)
    steps: list[tuple[int, int]] = []
    load(content, folder, progress=lambda read, total: steps.append((read, total)))
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1] > 0


def test_a_new_file_is_loaded_into_a_complete_index(content, folder):
    load(content, folder)
    newer = ARTICLES.read_bytes().replace(b">2021<", b">2022<")
    (content / "data" / "pubmed22n0001.xml.gz").write_bytes(gzip.compress(newer))
    load(content, folder)
    assert EvidenceIndex(folder).read("pmid:101").year == 2022


def test_a_changed_earlier_file_does_not_undo_a_later_one(content, folder):
    newer = ARTICLES.read_bytes().replace(b">2021<", b">2022<")
    (content / "data" / "pubmed22n0001.xml.gz").write_bytes(gzip.compress(newer))
    load(content, folder)
    changed = ARTICLES.read_bytes().replace(b"Pain fell", b"The pain of both groups fell")
    (content / "data" / "pubmed21n0001.xml.gz").write_bytes(gzip.compress(changed))
    load(content, folder)
    assert EvidenceIndex(folder).read("pmid:101").year == 2022


def test_a_section_that_the_guidelines_dropped_is_dropped(content, folder):
    load(content, folder)
    registry = content / "open_medicine" / "guidelines" / "registry.json"
    listed = json.loads(registry.read_text())
    listed[0]["sections"] = ["rate_control"]
    registry.write_text(json.dumps(listed))
    assert load(content, folder).guidelines == 1


def test_a_damaged_file_leaves_what_was_committed_and_no_complete_index(content, folder):
    bad = content / "data" / "pubmed22n0001.xml.gz"
    bad.write_bytes(gzip.compress(ARTICLES.read_bytes())[:900])
    with pytest.raises(CorpusUnreadable, match="pubmed22n0001"):
        load(content, folder)
    assert not is_complete(folder)
    bad.unlink()
    assert load(content, folder) == REPORT


@pytest.mark.parametrize("lacking", ["data/pubmed21n0001.xml.gz", "open_medicine/guidelines/registry.json"])
def test_content_that_is_not_there_is_named(content, folder, lacking):
    (content / lacking).unlink()
    with pytest.raises(CorpusUnreadable, match=r"data|registry\.json"):
        load(content, folder)


def test_the_starter_corpora_say_where_they_come_from(content, folder):
    load(content, folder)
    assert "NLM" in find_corpus(folder, "pubmed").licence
    assert find_corpus(folder, "guidelines").licence == "MIT"


def test_a_corpus_that_was_removed_stays_away(content, folder):
    load(content, folder)
    assert remove_corpus(folder, "guidelines") == 2
    assert is_complete(folder)
    assert load(content, folder).guidelines == 0


def test_a_damaged_index_is_rebuilt_whole(content, folder):
    load(content, folder)
    (folder / "tantivy" / "meta.json").write_text("{")
    assert not is_complete(folder)
    assert load(content, folder) == REPORT


def test_an_index_of_another_format_is_rebuilt_whole(content, folder):
    load(content, folder)
    (folder / "format").write_text("tacit-evidence 0")
    assert not is_complete(folder)
    assert load(content, folder) == REPORT
