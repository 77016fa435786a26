"""An ingest ends with the same index however often it is repeated, and says what became of every record."""

import os
from datetime import date
from pathlib import Path

import pytest

from clinical.evidence.corpora import ingest as ingesting
from clinical.evidence.corpora.catalogue import CorpusKind, Description, find_corpus
from clinical.evidence.corpora.ingest import Options, ingest_into
from clinical.evidence.domain import Grade, Kind
from clinical.evidence.errors import CorpusInvalid, CorpusUnreadable, IndexBusy, NothingToIngest
from clinical.evidence.index import EvidenceIndex, EvidenceWriter
from tests.clinical.evidence.corpora.library import article, ingest, sources, write_csv, write_xml

DELETED = "<DeleteCitation><PMID>2</PMID><PMID>99</PMID></DeleteCitation>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_a_report_says_what_became_of_every_record(folder, tmp_path):
    baseline = write_xml(
        tmp_path / "1.xml", article(1), article(2), article(3, text=""), article(4, title="")
    )
    report = ingest(folder, baseline)
    assert (report.files_read, report.files_unchanged, report.counts.records) == (1, 0, 4)
    assert (report.counts.added, report.counts.without_text) == (3, 1)
    assert report.counts.skipped == {"missing-title": 1}
    assert report.counts.examples == {"missing-title": ["1.xml: record 4"]}

    update = write_xml(tmp_path / "2.xml", article(1, text="Gout hurts less."), article(3, text=""), DELETED)
    counts = ingest(folder, update).counts
    assert (counts.added, counts.updated, counts.unchanged) == (0, 1, 1)
    assert (counts.withdrawn, counts.deleted) == (2, 1)
    assert set(sources(folder)) == {"pmid:1", "pmid:3"}


def test_a_file_that_is_in_is_not_read_again(folder, tmp_path, monkeypatch):
    path = write_xml(tmp_path / "1.xml", article(1), article(2, title=""))
    first = ingest(folder, path)
    monkeypatch.setattr(ingesting, "read_placed", None)
    second = ingest(folder, path)
    assert (second.files_read, second.files_unchanged) == (0, 1)
    assert (second.counts.unchanged, second.counts.added) == (1, 0)
    assert second.counts.skipped == first.counts.skipped


def test_a_file_read_again_changes_nothing_that_did_not_change(folder, tmp_path, monkeypatch):
    path = write_xml(tmp_path / "1.xml", article(1), article(2))
    ingest(folder, path)
    before = sources(folder)
    os.utime(path, (1, 1))
    monkeypatch.setattr(EvidenceWriter, "add", None)
    report = ingest(folder, path)
    assert (report.files_read, report.counts.unchanged) == (1, 2)
    assert sources(folder) == before


def test_a_later_version_in_the_same_file_replaces_the_earlier_one(folder, tmp_path):
    counts = ingest(folder, write_xml(tmp_path / "1.xml", article(1), article(1, text="New."))).counts
    assert (counts.added, counts.updated) == (1, 1)
    assert sources(folder)["pmid:1"].text == "New."


def test_a_folder_is_read_in_its_order_with_all_below_and_nothing_else(folder, tmp_path):
    write_xml(tmp_path / "in" / "b" / "2.xml", article(1, text="Second."))
    write_xml(tmp_path / "in" / "a.xml", article(1, text="First."))
    (tmp_path / "in" / "a.xml.md5").write_text("no evidence")
    (tmp_path / "in" / ".hidden.xml").write_text("no evidence")
    report = ingest(folder, tmp_path / "in")
    assert report.files_read == 2
    assert sources(folder)["pmid:1"].text == "Second."


def test_of_a_beir_folder_only_the_documents_are_read(folder, tmp_path):
    (tmp_path / "beir").mkdir()
    for name in ("corpus", "queries"):
        line = f'{{"_id": "{name}", "title": "T", "text": "x"}}\n'
        (tmp_path / "beir" / f"{name}.jsonl").write_text(line)
    ingest(folder, tmp_path / "beir", corpus="b")
    assert set(sources(folder, "b")) == {"b/corpus"}


def test_several_corpora_stand_side_by_side_and_are_described(folder, tmp_path):
    ingest(folder, write_xml(tmp_path / "1.xml", article(1)))
    said = Description(title="Ward rules", source="intranet", licence="own", kind=CorpusKind.PROTOCOLS)
    write_csv(tmp_path / "x.csv", "7,Washing hands,Wash them.,,")
    ingest_into(folder, [tmp_path / "x.csv"], corpus="rules", options=Options(description=said))
    [rule] = sources(folder, "rules").values()
    assert (rule.id, rule.kind, rule.grade) == ("rules/7", Kind.GUIDELINE, Grade.GUIDELINE)
    assert set(sources(folder)) == {"pmid:1"}
    corpus = find_corpus(folder, "rules")
    assert (corpus.title, corpus.source, corpus.licence) == ("Ward rules", "intranet", "own")
    assert corpus.retractions_checked_on is None

    ingest(folder, tmp_path / "x.csv", corpus="rules")
    assert find_corpus(folder, "rules") == corpus


def test_the_corpus_knows_to_which_day_its_files_tell_of_retractions(folder, tmp_path):
    ingest(folder, write_xml(tmp_path / "1.xml", article(1, revised="2021-06-07")))
    ingest(folder, write_xml(tmp_path / "2.xml", article(2, revised="2020-01-01")))
    assert find_corpus(folder, "pubmed").retractions_checked_on == date(2021, 6, 7)
    assert sources(folder)["pmid:2"].retraction_checked_on == date(2020, 1, 1)

    write_xml(tmp_path / "3.xml", article(3))
    said = Options(checked_on=date(2026, 1, 2), description=Description(date=date(2026, 1, 2)))
    ingest_into(folder, [tmp_path / "3.xml"], corpus="pubmed", options=said)
    corpus = find_corpus(folder, "pubmed")
    assert (corpus.date, corpus.retractions_checked_on) == (date(2026, 1, 2), date(2026, 1, 2))
    assert sources(folder)["pmid:3"].retraction_checked_on == date(2026, 1, 2)


@pytest.mark.parametrize("name", ["Big", "a b", "", "../x", "x" * 41, "a/b"])
def test_a_name_that_could_not_stand_in_an_id_is_refused(folder, tmp_path, name):
    with pytest.raises(CorpusInvalid, match="cannot name a corpus"):
        ingest(folder, write_xml(tmp_path / "1.xml", article(1)), corpus=name)
    assert not folder.exists()


def test_the_kind_of_a_corpus_cannot_change_under_its_sources(folder, tmp_path):
    path = write_xml(tmp_path / "1.xml", article(1))
    ingest(folder, path)
    said = Options(description=Description(kind=CorpusKind.PROTOCOLS))
    with pytest.raises(CorpusInvalid, match="holds articles, not protocols"):
        ingest_into(folder, [path], corpus="pubmed", options=said)


def test_a_section_that_a_document_dropped_goes(folder, tmp_path):
    path = tmp_path / "af.md"
    path.write_text("---\ntitle: AF\n---\n# One\nWords.\n# Two\nWords.\n")
    ingest(folder, path, corpus="rules")
    path.write_text("---\ntitle: AF\n---\n# Two\nOther words.\n")
    counts = ingest(folder, path, corpus="rules").counts
    assert (counts.updated, counts.deleted) == (1, 1)
    assert set(sources(folder, "rules")) == {"rules/af#two"}


def test_a_document_that_can_no_longer_be_used_leaves_what_was_there(folder, tmp_path):
    path = tmp_path / "af.md"
    path.write_text("---\ntitle: AF\n---\n# One\nWords.\n")
    ingest(folder, path, corpus="rules")
    path.write_text("---\ntitle: [\n---\n# One\nWords.\n")
    assert ingest(folder, path, corpus="rules").counts.skipped == {"malformed": 1}
    assert set(sources(folder, "rules")) == {"rules/af#one"}


def test_an_older_file_of_pubmed_does_not_keep_a_newer_one_from_being_read_again(folder, tmp_path):
    newer = write_xml(tmp_path / "pubmed21n0002.xml", article(1, text="New."))
    ingest(folder, newer)
    older = write_xml(tmp_path / "pubmed21n0001.xml", article(1, text="Old."))
    report = ingest(folder, older)
    assert report.reread == ("pubmed21n0002.xml",)
    assert ingest(folder, older, newer).files_read == 1
    assert sources(folder)["pmid:1"].text == "New."


def test_a_later_check_of_retractions_outlives_an_older_file_read_again(folder, tmp_path):
    old = write_xml(tmp_path / "1.xml", article(1, revised="2020-01-01"))
    ingest(folder, old)
    retracted = article(1, revised="2022-01-01", types=("Retracted Publication",))
    ingest(folder, write_xml(tmp_path / "2.xml", retracted))
    os.utime(old, (1, 1))
    ingest(folder, old)
    source = sources(folder)["pmid:1"]
    assert (source.retracted, source.retraction_checked_on) == (True, date(2022, 1, 1))


def test_a_file_in_trouble_leaves_what_was_committed_and_an_index_that_opens(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(ingesting, "COMMIT_EVERY", 2)
    good = write_xml(tmp_path / "1.xml", article(1))
    bad = write_xml(tmp_path / "2.xml", *(article(number) for number in range(10, 15)))
    bad.write_text(bad.read_text(encoding="utf-8")[:-200], encoding="utf-8")
    with pytest.raises(CorpusUnreadable, match=r"2\.xml"):
        ingest(folder, good, bad)
    assert set(sources(folder)) == {"pmid:1", "pmid:10", "pmid:11", "pmid:12", "pmid:13"}
    write_xml(bad, *(article(number) for number in range(10, 15)))
    ingest(folder, good, bad)
    assert EvidenceIndex(folder).size == 6


def test_a_path_that_holds_nothing_is_told(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToIngest, match="empty"):
        ingest(folder, tmp_path / "empty")
    with pytest.raises(CorpusUnreadable, match="no such file"):
        ingest(folder, tmp_path / "none")


def test_two_ingests_at_once_are_refused(folder, tmp_path):
    path = write_xml(tmp_path / "1.xml", article(1))
    with EvidenceWriter(folder), pytest.raises(IndexBusy):
        ingest(folder, path)
    assert ingest(folder, path).counts.added == 1


def test_progress_grows_to_the_whole_size(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(ingesting, "REPORT_EVERY", 1)
    paths = [write_xml(tmp_path / f"{n}.xml", *(article(m) for m in range(50))) for n in range(3)]
    steps: list[tuple[int, int]] = []
    ingest_into(folder, paths, corpus="pubmed", progress=lambda *step: steps.append(step))
    assert steps == sorted(steps)
    assert steps[-1] == (sum(path.stat().st_size for path in paths),) * 2
