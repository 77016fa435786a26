"""PubMed's XML becomes sources with their text flattened in order, and nothing else is read."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from clinical.evidence.domain import Grade, Retraction, Source
from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.readers import pubmed, read
from clinical.evidence.readers.formats import Format
from clinical.evidence.readers.records import Deleted, Record, Skipped, SkipReason
from tests.clinical.evidence.corpus import ARTICLES


def read_pubmed(path: Path) -> list[Record]:
    return list(read(path, corpus="pubmed"))


RECORDS = read_pubmed(ARTICLES)
SOURCES = {record.id: record for record in RECORDS if isinstance(record, Source)}


def test_a_structured_abstract_becomes_labelled_lines_with_inline_markup_flattened():
    assert SOURCES["pmid:101"].text.split("\n") == [
        "BACKGROUND: Gout flares hurt. We aimed to compare tamoridine with colchicine in adults with an acute"
        " gout flare.",
        "METHODS: Patients (n = 120) were randomised, e.g. by sealed envelope, to tamoridine or colchicine.",
        "RESULTS: Pain fell by 3.5 points with tamoridine vs. 2.1 points with colchicine (p = .03). CO2 did not"
        " change in either group.",
        "CONCLUSIONS: Tamoridine relieved acute gout flares better than colchicine.",
    ]


def test_the_record_is_described_by_its_own_elements():
    source = SOURCES["pmid:101"]
    assert source.title == "Tamoridine for acute gout: a randomised trial."
    assert (source.pmid, source.doi, source.year) == ("101", "10.1000/listed.101", 2021)
    assert (source.journal, source.mesh) == ("J Invent Med", ("Gout", "Humans"))
    assert source.publication_types == ("Journal Article", "Randomized Controlled Trial")


def test_the_brackets_of_a_translated_title_are_taken_off():
    assert SOURCES["pmid:102"].title == "Tamoridine cures gout flares."


@pytest.mark.parametrize(("source_id", "year"), [("pmid:102", 1998), ("pmid:103", 2003), ("pmid:104", None)])
def test_odd_dates_give_the_first_year_in_them_or_none(source_id, year):
    assert SOURCES[source_id].year == year


@pytest.mark.parametrize(
    ("source_id", "grade"),
    [
        ("pmid:101", Grade.RANDOMISED_TRIAL),
        ("pmid:105", Grade.OBSERVATIONAL),
        ("pmid:104", Grade.OTHER),
        ("pmid:106", Grade.OTHER),  # a comparative study of animals
    ],
)
def test_the_grade_comes_from_the_publication_types(source_id, grade):
    assert SOURCES[source_id].grade is grade


def test_only_the_retracted_article_is_marked_retracted():
    assert [source.id for source in SOURCES.values() if source.retracted] == ["pmid:102"]


def test_deletions_come_in_file_order_after_the_records_before_them():
    assert RECORDS[-2:] == [Deleted("pmid:106"), Deleted("pmid:999")]


def test_a_gzipped_file_reads_the_same(tmp_path):
    path = tmp_path / "pubmed21n0001.xml.gz"
    path.write_bytes(gzip.compress(ARTICLES.read_bytes()))
    assert read_pubmed(path) == RECORDS


def write(folder: Path, content: bytes, name: str = "bad.xml") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.xml", b"<PubmedArticleSet><PubmedArticle></PubmedArticleSet>"),
        ("cut.xml", ARTICLES.read_bytes()[:5000]),
        ("cut.xml.gz", gzip.compress(ARTICLES.read_bytes(), mtime=0)[:900]),
        ("not.xml.gz", b"these bytes are no gzip"),
        ("other.xml", b"<?xml version='1.0'?><article><title>A</title></article>"),
        ("empty.xml", b""),
    ],
)
def test_a_damaged_file_is_a_typed_error_that_names_it(tmp_path, name, content):
    path = write(tmp_path, content, name)
    with pytest.raises(CorpusUnreadable, match=name):
        read_pubmed(path)


def test_a_missing_file_is_a_typed_error(tmp_path):
    with pytest.raises(CorpusUnreadable, match="cannot be opened"):
        read_pubmed(tmp_path / "none.xml")


def article(number: int | str, title: str = "Plain", *, more: str = "", inside: str = "") -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><ArticleTitle>{title}</ArticleTitle>{inside}"
        f"</Article>{more}</MedlineCitation></PubmedArticle>"
    )


def link(kind: str, pmid: str = "", reference: str = "") -> str:
    named = f"<RefSource>{reference}</RefSource>" + (f"<PMID>{pmid}</PMID>" if pmid else "")
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{kind}">{named}</CommentsCorrections>'
        "</CommentsCorrectionsList>"
    )


def read_articles(folder: Path, *articles: str) -> list[Source]:
    path = write(folder, f"<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>".encode(), "some.xml")
    return [record for record in read_pubmed(path) if isinstance(record, Source)]


def bomb() -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE PubmedArticleSet [<!ENTITY e0 "haha">{entities}]>'


@pytest.mark.parametrize("place", ["title", "attribute", "abstract"])
@pytest.mark.parametrize("is_wide", [False, True])
def test_a_file_with_entities_of_its_own_is_refused_and_never_grows(tmp_path, place, is_wide):
    inside = {
        "title": article(7, "A &e9; B"),
        "attribute": article(7, inside='<Abstract><AbstractText Label="&e9;">x</AbstractText></Abstract>'),
        "abstract": article(7, inside="<Abstract><AbstractText>&e9;</AbstractText></Abstract>"),
    }[place]
    text = f"<?xml version='1.0'?>{bomb()}<PubmedArticleSet>{inside}</PubmedArticleSet>"
    content = text.encode("utf-16") if is_wide else text.encode()
    with pytest.raises(CorpusUnreadable, match=r"bomb\.xml"):
        list(read(write(tmp_path, content, "bomb.xml"), corpus="pubmed", file_format=Format.PUBMED))


def test_a_file_that_reaches_into_the_file_system_is_refused(tmp_path):
    secret = write(tmp_path, b"the secret", "secret.txt")
    text = (
        f'<!DOCTYPE PubmedArticleSet [<!ENTITY leak SYSTEM "{secret.as_uri()}">]>'
        f"<PubmedArticleSet>{article(7, 'A&leak;B')}</PubmedArticleSet>"
    )
    with pytest.raises(CorpusUnreadable, match="never expanded") as refused:
        read_pubmed(write(tmp_path, text.encode()))
    assert "the secret" not in str(refused.value)


def test_a_record_that_never_ends_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(pubmed, "RECORD_XML_BYTES", 200_000)
    path = tmp_path / "endless.xml"
    authors = "<Author><LastName>Ada</LastName></Author>" * 1_000
    path.write_text(
        f"<PubmedArticleSet>{article(1)}<PubmedArticle><MedlineCitation><PMID>2</PMID>{authors * 30}",
        encoding="utf-8",
    )
    records = read(path, corpus="pubmed")
    assert isinstance(next(records), Source)
    with pytest.raises(CorpusUnreadable, match="record of more than"):
        next(records)


def test_records_without_pmid_or_title_and_books_are_skipped_and_told(tmp_path):
    content = (
        article("") + article(2, "") + "<PubmedBookArticle><BookDocument/></PubmedBookArticle>" + article(4)
    )
    path = write(tmp_path, f"<PubmedArticleSet>{content}</PubmedArticleSet>".encode())
    *skipped, last = read_pubmed(path)
    assert skipped == [
        Skipped("record 1", SkipReason.MISSING_ID),
        Skipped("record 2", SkipReason.MISSING_TITLE),
        Skipped("record 3", SkipReason.BOOK),
    ]
    assert isinstance(last, Source)


def test_a_notice_without_a_title_is_kept_for_what_it_says(tmp_path):
    erratum = '<PublicationTypeList><PublicationType UI="D016425">Published Erratum</PublicationType></PublicationTypeList>'
    [notice] = read_articles(tmp_path, article(9, "", inside=erratum, more=link("ErratumFor", "8")))
    assert (notice.title, notice.notice_of) == ("Published Erratum", ("erratum pmid:8",))


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("RetractionIn", (True, False, False)),
        ("RetractedandRepublishedIn", (True, False, False)),
        ("PartialRetractionIn", (False, True, False)),
        ("ExpressionOfConcernIn", (False, True, False)),
        ("ErratumIn", (False, False, True)),
        ("CommentIn", (False, False, False)),
    ],
)
def test_what_others_published_about_a_record_is_told_apart(tmp_path, kind, facts):
    [source] = read_articles(tmp_path, article(1, more=link(kind, "5")))
    assert (source.retracted, source.has_concern, source.is_corrected) == facts
    assert source.notice_of == ()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("RetractionOf", "retraction"),
        ("PartialRetractionOf", "concern"),
        ("ExpressionOfConcernFor", "concern"),
        ("ErratumFor", "erratum"),
    ],
)
def test_what_a_notice_says_of_others_names_them(tmp_path, kind, said):
    by_pmid, by_doi = read_articles(
        tmp_path,
        article(1, more=link(kind, "5")),
        article(2, more=link(kind, reference="J. doi: 10.1000/ABC.")),
    )
    assert (by_pmid.notice_of, by_doi.notice_of) == ((f"{said} pmid:5",), (f"{said} doi:10.1000/abc",))
    assert not by_pmid.retracted


def test_a_record_tells_its_authors_and_language(tmp_path):
    authors = (
        "<AuthorList><Author><LastName>Curie</LastName><ForeName>Marie</ForeName></Author>"
        "<Author><CollectiveName>The Invented Group</CollectiveName></Author></AuthorList><Language>fre</Language>"
    )
    [source] = read_articles(tmp_path, article(1, inside=authors))
    assert (source.authors, source.language) == (("Curie, Marie", "The Invented Group"), "fre")


def test_records_of_a_file_stood_on_its_newest_day_of_revision(tmp_path):
    def revised(year: int) -> str:
        return f"<DateRevised><Year>{year}</Year><Month>6</Month><Day>07</Day></DateRevised>"

    sources = read_articles(
        tmp_path, article(1, more=revised(2019)), article(2, more=revised(2021)), article(3)
    )
    assert {(each.retraction, each.retraction_checked_on) for each in sources} == {
        (Retraction.NOT_RETRACTED, date(2021, 6, 7))
    }


def test_a_file_without_dates_does_not_say_that_its_records_stand(tmp_path):
    [source] = read_articles(tmp_path, article(1))
    assert (source.retraction, source.retraction_checked_on) == (Retraction.UNKNOWN, None)


def test_in_another_corpus_the_id_names_it():
    [first, *_] = read(ARTICLES, corpus="heart")
    assert isinstance(first, Source)
    assert (first.id, first.corpus, first.pmid) == ("heart/pmid:101", "heart", "101")


@pytest.mark.parametrize(
    ("title", "is_retracted"),
    [
        ("RETRACTED: Plain", True),
        ("Retracted Article: Plain", True),
        ("[Retracted] Plain", True),
        ("WITHDRAWN: Plain.", True),
        ("Plain (Retracted article. See vol. 3, 2020)", True),
        ("Plain [retracted].", True),
        ("Retracted science and the retraction index", False),
        ("Retraction: Plain", False),
        ("Why are articles withdrawn?", False),
    ],
)
def test_the_publishers_title_says_that_a_work_is_retracted(tmp_path, title, is_retracted):
    [source] = read_articles(tmp_path, article(1, title))
    assert source.retracted is is_retracted
