"""PubMed's XML becomes sources with their text flattened in order, and nothing else is read."""

import gzip
from pathlib import Path

import pytest

from clinical.evidence.domain import Grade, Source
from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.pubmed import Deleted, read_pubmed
from tests.clinical.evidence.corpus import ARTICLES

RECORDS = list(read_pubmed(ARTICLES))
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
    assert list(read_pubmed(path)) == RECORDS


def write(folder: Path, content: bytes, name: str = "bad.xml") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.xml", b"<PubmedArticleSet><PubmedArticle></PubmedArticleSet>"),
        ("cut.xml", ARTICLES.read_bytes()[:5000]),
        ("cut.xml.gz", gzip.compress(ARTICLES.read_bytes())[:900]),
        ("not.xml.gz", b"these bytes are no gzip"),
        ("nameless.xml", b"<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>"),
    ],
)
def test_a_damaged_file_is_a_typed_error_that_names_it(tmp_path, name, content):
    path = write(tmp_path, content, name)
    with pytest.raises(CorpusUnreadable, match=name):
        list(read_pubmed(path))


def test_a_missing_file_is_a_typed_error(tmp_path):
    with pytest.raises(CorpusUnreadable, match="cannot be opened"):
        list(read_pubmed(tmp_path / "none.xml"))


def test_no_entity_reaches_into_the_file_system(tmp_path):
    secret = write(tmp_path, b"the secret", "secret.txt")
    article = (
        f'<!DOCTYPE PubmedArticleSet [<!ENTITY leak SYSTEM "{secret.as_uri()}">]>'
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID><Article>"
        "<ArticleTitle>A&leak;B</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    [record] = read_pubmed(write(tmp_path, article.encode()))
    assert isinstance(record, Source)
    assert "secret" not in record.title


def test_an_article_whose_link_or_title_says_retracted_is_retracted(tmp_path):
    def article(number: int, title: str, link: str = "") -> str:
        return (
            f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><ArticleTitle>{title}</ArticleTitle>"
            f"</Article>{link}</MedlineCitation></PubmedArticle>"
        )

    linked = '<CommentsCorrectionsList><CommentsCorrections RefType="{}"/></CommentsCorrectionsList>'
    articles = (
        article(1, "Plain", linked.format("RetractionIn"))
        + article(2, "RETRACTED: Plain")
        + article(3, "Plain", linked.format("CommentIn"))
    )
    path = write(tmp_path, f"<PubmedArticleSet>{articles}</PubmedArticleSet>".encode())
    assert [record.retracted for record in read_pubmed(path) if isinstance(record, Source)] == [
        True,
        True,
        False,
    ]
