"""The index gives back exactly what was put in, and is never read in another format."""

import multiprocessing

import pytest

from clinical.evidence.domain import Grade, Retraction
from clinical.evidence.errors import IndexBusy, IndexMissing, SourceNotFound
from clinical.evidence.index import CITABLE, RETRACTED, EvidenceIndex, EvidenceWriter
from clinical.evidence.vectors.static import codes
from tests.clinical.evidence.corpus import fill, make_article

GOUT = make_article(
    "RESULTS: Gout “hurts” in Zürich\u2028\ud800.",
    id="pmid:1",
    title="Gout",
    grade=Grade.RANDOMISED_TRIAL,
    pmid="1",
    doi="10.1000/1",
    journal="J",
    publication_types=("Letter",),
    mesh=("Gout", "Humans"),
)
OTHER = make_article("Asthma is common in every large city.", id="pmid:2", title="Asthma")


def find(folder, stem, **options):
    return read_ids(EvidenceIndex(folder), [((stem,), 1.0)], **options)


def read_ids(index, wanted, **options):
    return [index.source_at(address).id for address in index.search(wanted, limit=5, **options)]


def test_a_source_comes_back_exactly(tmp_path):
    fill(tmp_path, GOUT, OTHER)
    assert EvidenceIndex(tmp_path).read("pmid:1") == GOUT


def test_adding_a_source_again_replaces_it(tmp_path):
    fill(tmp_path, GOUT, OTHER)
    newer = make_article("Gout is painful but seldom lasts long.", id="pmid:1", title="Gout")
    fill(tmp_path, newer)
    index = EvidenceIndex(tmp_path)
    assert (index.size, index.read("pmid:1")) == (2, newer)


def test_a_deleted_source_is_gone(tmp_path):
    fill(tmp_path, GOUT, OTHER)
    with EvidenceWriter(tmp_path) as writer:
        writer.delete("pmid:1")
        writer.commit()
    with pytest.raises(SourceNotFound, match="pmid:1"):
        EvidenceIndex(tmp_path).read("pmid:1")


def test_what_was_not_committed_is_not_there(tmp_path):
    fill(tmp_path, GOUT)
    with EvidenceWriter(tmp_path) as writer:
        writer.add(OTHER)
    assert EvidenceIndex(tmp_path).size == 1


def test_words_are_found_in_either_spelling_and_any_ending(tmp_path):
    fill(tmp_path, make_article("Haemorrhages were hospitalised.", id="pmid:3"))
    for stem in ("hemorrhag", "hospit"):
        assert find(tmp_path, stem) == ["pmid:3"]


def test_a_phrase_is_found_only_as_a_phrase(tmp_path):
    fill(tmp_path, make_article("Kidney stones and chronic disease of the lung.", id="pmid:4"))
    assert find(tmp_path, "chronic diseas") == ["pmid:4"]
    assert find(tmp_path, "chronic kidney diseas") == []


def test_a_retracted_source_is_kept_and_counted_but_not_searched(tmp_path):
    fill(tmp_path, make_article("Gout hurts.", id="pmid:5", retraction=Retraction.RETRACTED), OTHER)
    index = EvidenceIndex(tmp_path)
    assert (index.count(RETRACTED), index.count(CITABLE)) == (1, 1)
    assert index.read("pmid:5").retracted
    assert find(tmp_path, "gout") == []


def test_holding_more_of_what_is_wanted_comes_before_repeating_one_thing(tmp_path):
    fill(
        tmp_path,
        make_article("Gout gout gout gout.", id="pmid:6", title="Gout"),
        make_article("Pregnancy does not often go with gout at all.", id="pmid:7"),
    )
    wanted = [(("gout",), 1.0), (("pregnanc",), 1.0)]
    assert read_ids(EvidenceIndex(tmp_path), wanted) == ["pmid:7", "pmid:6"]


def test_what_is_favoured_moves_up_and_brings_nothing_in(tmp_path):
    toe, heart = make_article("Gout of a toe.", id="pmid:7"), make_article("Gout of the heart.", id="pmid:8")
    fill(tmp_path, toe, heart, OTHER)
    assert find(tmp_path, "gout")[0] == "pmid:7"
    assert find(tmp_path, "gout", favoured=[("heart",)])[0] == "pmid:8"
    assert "pmid:2" not in find(tmp_path, "gout", favoured=[("asthma",)])


@pytest.mark.parametrize("marker", ["tacit-evidence 0", ""])
def test_an_index_of_another_format_is_missing_to_readers_and_rebuilt_by_writers(tmp_path, marker):
    fill(tmp_path, GOUT)
    (tmp_path / "format").write_text(marker)
    with pytest.raises(IndexMissing, match="load_evidence"):
        EvidenceIndex(tmp_path)
    fill(tmp_path, OTHER)
    assert EvidenceIndex(tmp_path).size == 1


def test_no_folder_is_an_index_missing(tmp_path):
    with pytest.raises(IndexMissing):
        EvidenceIndex(tmp_path / "none")


def test_a_damaged_index_is_an_index_missing(tmp_path):
    fill(tmp_path, GOUT)
    (tmp_path / "tantivy" / "meta.json").write_text("{")
    with pytest.raises(IndexMissing):
        EvidenceIndex(tmp_path)


def test_a_writer_starts_a_damaged_index_anew(tmp_path):
    fill(tmp_path, GOUT)
    (tmp_path / "tantivy" / "meta.json").write_text("{")
    fill(tmp_path, OTHER)
    assert EvidenceIndex(tmp_path).size == 1


def _hold(folder, ready, done):
    with EvidenceWriter(folder):
        ready.set()
        done.wait(20)


def test_a_second_writing_process_is_told_to_wait(tmp_path):
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(tmp_path, ready, done))
    process.start()
    try:
        assert ready.wait(20)
        with pytest.raises(IndexBusy, match="another process"):
            EvidenceWriter(tmp_path)
    finally:
        done.set()
        process.join(20)


def test_sources_are_found_by_their_tags_retracted_ones_too(tmp_path):
    tagged = make_article(
        "Gout hurts.",
        id="ours/7",
        pmid="77",
        doi="10.1000/ABC",
        corpus="ours",
        grade=Grade.CASE_REPORT,
        language="fre",
        specialties=("cardiology", "\ud800"),
        retraction=Retraction.RETRACTED,
    )
    fill(tmp_path, tagged, OTHER)
    index = EvidenceIndex(tmp_path)
    tags = ("article retracted corpus:ours pmid:77 doi:10.1000/abc type:case_report lang:fre "
            "specialty:cardiology specialty:\ud800").split()  # fmt: skip
    assert [index.find(tag, 5) for tag in tags if tag != "article"] == [(tagged,)] * (len(tags) - 1)
    assert (index.count("article"), len(index.find("article", 1))) == (2, 1)
    assert index.find("pmid:78", 5) == ()


def test_every_source_of_a_corpus_can_be_deleted(tmp_path):
    fill(tmp_path, GOUT, make_article("Gout.", id="ours/1", corpus="ours"))
    with EvidenceWriter(tmp_path) as writer:
        writer.delete_all("corpus:ours")
        writer.commit()
    assert (EvidenceIndex(tmp_path).size, EvidenceIndex(tmp_path).count("corpus:ours")) == (1, 0)


def test_a_source_keeps_its_stems_as_codes(tmp_path):
    fill(tmp_path, make_article("It hurts.", id="pmid:1", title="Acute gout", mesh=("Gout", "Humans")))
    fill(tmp_path, make_article("\u2026", id="pmid:2", title="?", mesh=("Asthma",)))
    index = EvidenceIndex(tmp_path)
    addresses = index.search([(("gout",), 1.0), (("asthma",), 1.0)], limit=5)
    of_each = {index.source_at(each).id: index.codes_at([each])[0] for each in addresses}
    title, numbers = of_each["pmid:1"]
    assert (title, numbers.tolist()) == (2, codes("acut gout it hurt gout human").tolist())
    assert of_each["pmid:2"][0] == 0
    assert of_each["pmid:2"][1].tolist() == codes("asthma").tolist()
