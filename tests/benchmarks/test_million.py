"""The benchmark of a million, on a hundred: the documents differ, the figures are all there, nothing stays."""

import gzip
import json
import sys
import tempfile

import pytest

from benchmarks import million
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.vectors.static import WIDTH

RECORD = """<PubmedArticle><MedlineCitation><PMID>{n}</PMID><Article>
<Journal><JournalIssue><PubDate><Year>{year}</Year></PubDate></JournalIssue></Journal>
<ArticleTitle>Study {n} of gout and asthma in children.</ArticleTitle>
<Abstract><AbstractText>Gout number {n} was treated with colchicine for {n} days. Asthma was treated with steroids.
It was a trial of medicine {n} in clinics of a large town.</AbstractText></Abstract>
</Article></MedlineCitation></PubmedArticle>"""


@pytest.fixture
def content(tmp_path, monkeypatch):
    records = "".join(RECORD.format(n=number, year=1990 + number % 30) for number in range(1, 41))
    with gzip.open(tmp_path / "pubmed21n0001.xml.gz", "wt") as file:
        file.write(f"<PubmedArticleSet>{records}</PubmedArticleSet>")
    monkeypatch.setattr(million, "LITERATURE", tmp_path)
    monkeypatch.setattr(million, "WARM_UP", 2)
    monkeypatch.setattr(million, "QUESTIONS", 20)
    return tmp_path


def test_each_copy_has_an_id_and_words_of_its_own(content):
    documents = list(million.Altered().documents(100))
    assert (
        len({document.id for document in documents}) == len({document.text for document in documents}) == 100
    )
    assert documents == list(million.Altered().documents(100))


def test_building_and_asking_give_figures(content, tmp_path, monkeypatch):
    built = million.build(tmp_path / "index", 100)
    assert EvidenceIndex(tmp_path / "index").count("citable") == built.documents == 100
    assert built.documents_per_second > 0
    assert min(built.words_bytes, built.vectors_bytes - 100 * WIDTH) > 0
    asked = million.ask(tmp_path / "index")
    assert 0 < asked.hybrid_p50_ms <= asked.hybrid_p95_ms
    assert asked.search_peak_mb > 0


def test_the_command_prints_one_object_and_leaves_nothing(content, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    # In this process, because another would not see the small content.
    monkeypatch.setattr(million, "_alone", lambda step, *arguments: step(*arguments))
    monkeypatch.setattr(sys, "argv", ["million", "--documents", "60", "30", "--json"])
    assert million.main() == 0
    document = json.loads(capsys.readouterr().out)
    assert [each["documents"] for each in document["measured"]] == [30, 60]
    assert document["all_of_pubmed"]["vectors_gb"] == pytest.approx(38e6 * 308 / 1e9, rel=0.05)
    assert not list(tmp_path.glob("million-*"))


def test_costs_beyond_the_sizes_follow_the_last_two():
    sizes = [dict.fromkeys(("documents", "documents_per_second"), float(n)) for n in (10, 20)]
    for each in sizes:
        names = ("words_bytes", "vectors_bytes", "hybrid_p50_ms", "hybrid_p95_ms", "words_p95_ms")
        each.update({name: 5 + each["documents"] for name in names})
    assert million.project(sizes)["hybrid_p95_ms"] == 5 + 38_000_000


def test_a_size_of_nothing_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["million", "--documents", "0"])
    with pytest.raises(SystemExit, match="1"):
        million.main()
    assert "above 0" in capsys.readouterr().err
