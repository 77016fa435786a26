"""When a retraction becomes known, every copy of the work is stored as retracted, in whichever corpus and order."""

from itertools import permutations
from pathlib import Path

import pytest

from clinical.evidence.corpora.removal import remove_corpus
from clinical.evidence.domain import Retraction
from clinical.evidence.index import CITABLE, EvidenceIndex
from tests.clinical.evidence.corpora.library import article, ingest, sources, write_csv, write_xml

NOTICE = article(3, title="Retraction: gout", types=("Retraction of Publication",), link=("RetractionOf", 2))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_notice_retracts_the_work_and_its_copies_in_any_order(folder, tmp_path, order):
    files = [
        (write_xml(tmp_path / "work.xml", article(2, doi="10.1000/Gout")), "pubmed"),
        (write_xml(tmp_path / "notice.xml", NOTICE), "pubmed"),
        (write_csv(tmp_path / "x.csv", "a,Gout,Gout hurts.,2,", "b,Other,Words.,5,10.1000/else"), "ours"),
    ]
    for number in order:
        path, corpus = files[number]
        ingest(folder, path, corpus=corpus)
    held = sources(folder, "pubmed", "ours")
    assert {source_id for source_id, source in held.items() if source.retracted} == {"pmid:2", "ours/a"}
    assert EvidenceIndex(folder).count(CITABLE) == 1


def test_notice_and_work_in_one_file_know_each_other(folder, tmp_path):
    ingest(folder, write_xml(tmp_path / "1.xml", NOTICE, article(2)))
    assert sources(folder)["pmid:2"].retracted
    ingest(folder, write_xml(tmp_path / "2.xml", article(2, text="Revised.")))
    assert sources(folder)["pmid:2"].retracted


def test_a_retracted_record_retracts_the_copy_of_its_doi_in_any_case(folder, tmp_path):
    ingest(folder, write_csv(tmp_path / "x.csv", "a,Gout,Gout hurts.,,10.1000/GOUT"), corpus="ours")
    assert not sources(folder, "ours")["ours/a"].retracted
    record = article(2, doi="10.1000/gout", types=("Retracted Publication",))
    ingest(folder, write_xml(tmp_path / "1.xml", record))
    assert sources(folder, "ours")["ours/a"].retracted


def test_concern_and_erratum_reach_copies_and_retract_nothing(folder, tmp_path):
    ingest(folder, write_csv(tmp_path / "x.csv", "a,Gout,Gout hurts.,2,"), corpus="ours")
    concern = article(4, types=("Expression of Concern",), link=("ExpressionOfConcernFor", 2))
    erratum = article(5, types=("Published Erratum",), link=("ErratumFor", 2))
    ingest(folder, write_xml(tmp_path / "1.xml", concern, erratum))
    copy = sources(folder, "ours")["ours/a"]
    assert (copy.has_concern, copy.is_corrected, copy.retracted) == (True, True, False)


def test_a_retraction_that_its_record_takes_back_leaves_the_copy_unknown(folder, tmp_path):
    ingest(folder, write_csv(tmp_path / "x.csv", "a,Gout,Gout hurts.,2,"), corpus="ours")
    ingest(folder, write_xml(tmp_path / "1.xml", article(2, types=("Retracted Publication",))))
    assert sources(folder, "ours")["ours/a"].retracted
    ingest(folder, write_xml(tmp_path / "2.xml", article(2, revised="2022-01-01")))
    assert sources(folder, "ours")["ours/a"].retraction is Retraction.UNKNOWN
    assert sources(folder)["pmid:2"].retraction is Retraction.NOT_RETRACTED


def test_what_a_removed_corpus_said_of_retractions_stays_known(folder, tmp_path):
    path = write_csv(tmp_path / "x.csv", "a,Gout,Gout hurts.,2,")
    ingest(folder, path, corpus="ours")
    ingest(folder, write_xml(tmp_path / "1.xml", NOTICE), corpus="other")
    assert remove_corpus(folder, "other") == 1
    assert not sources(folder, "other")
    assert sources(folder, "ours")["ours/a"].retracted
    remove_corpus(folder, "ours")
    ingest(folder, path, corpus="ours")
    assert sources(folder, "ours")["ours/a"].retracted
