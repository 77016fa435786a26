"""A small PubMed: invented records with their dates, searched by the part of PubMed's syntax that a sync uses."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape

TOKEN = re.compile(
    r'"[^"]*"(?:\[[^\]]*\])?|\(|\)|:|#\d+|\b(?:AND|OR)\b|[^\s()\[\]":]+(?:\s+(?!AND\b|OR\b)[^\s()\[\]":]+)*(?:\[[^\]]*\])?'
)


@dataclass
class Article:
    """An invented record."""

    pmid: str
    title: str = "A trial of heart failure."
    abstract: str = "Patients with heart failure were randomised."
    added_on: date = date(2020, 1, 1)
    changed_on: date = date(2020, 1, 1)
    types: tuple[str, ...] = ("Journal Article",)
    links: tuple[str, ...] = ()

    def xml(self) -> str:
        types = "".join(f'<PublicationType UI="D0">{escape(name)}</PublicationType>' for name in self.types)
        links = "".join(
            f'<CommentsCorrections RefType="{name}"><RefSource>J</RefSource></CommentsCorrections>'
            for name in self.links
        )
        listed = f"<CommentsCorrectionsList>{links}</CommentsCorrectionsList>" if links else ""
        revised = f"<Year>{self.changed_on:%Y}</Year><Month>{self.changed_on:%m}</Month><Day>{self.changed_on:%d}</Day>"
        return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{self.pmid}</PMID>
<DateRevised>{revised}</DateRevised><Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><PubDate>
<Year>{self.added_on:%Y}</Year></PubDate></JournalIssue><Title>Journal of Invented Trials</Title></Journal>
<ArticleTitle>{escape(self.title)}</ArticleTitle><Abstract><AbstractText>{escape(self.abstract)}</AbstractText></Abstract>
<Language>eng</Language><PublicationTypeList>{types}</PublicationTypeList></Article>{listed}</MedlineCitation><PubmedData>
<ArticleIdList><ArticleId IdType="pubmed">{self.pmid}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>"""


Test = Callable[[Article], bool]


@dataclass
class Library:
    """The records, newest first as PubMed sorts them."""

    articles: dict[str, Article] = field(default_factory=dict)

    def add(self, *articles: Article) -> None:
        self.articles |= {each.pmid: each for each in articles}

    def find(self, query: str, sets: dict[int, list[str]]) -> list[str]:
        """The PMIDs that the query finds; `sets` are earlier results, as #1, #2."""
        tokens = [token.strip() for token in TOKEN.findall(query)]
        test = _any(tokens, sets)
        found = [each for each in self.articles.values() if test(each)]
        return [
            each.pmid
            for each in sorted(found, key=lambda each: (each.added_on, int(each.pmid)), reverse=True)
        ]

    def xml(self, pmids: Iterable[str]) -> str:
        records = "\n".join(self.articles[pmid].xml() for pmid in pmids if pmid in self.articles)
        return (
            '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
            '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
            f"<PubmedArticleSet>{records}</PubmedArticleSet>"
        )


def _any(tokens: list[str], sets: dict[int, list[str]]) -> Test:
    """Read a query, from left to right as PubMed does."""
    test = _one(tokens, sets)
    while tokens and tokens[0] in {"AND", "OR"}:
        operator, left = tokens.pop(0), test
        test = _joined(operator, left, _one(tokens, sets))
    return test


def _joined(operator: str, left: Test, right: Test) -> Test:
    if operator == "AND":
        return lambda each: left(each) and right(each)
    return lambda each: left(each) or right(each)


def _one(tokens: list[str], sets: dict[int, list[str]]) -> Test:
    token = tokens.pop(0)
    if token == "(":
        test = _any(tokens, sets)
        assert tokens.pop(0) == ")"
        return test
    if token.startswith("#"):
        earlier = set(sets[int(token[1:])])
        return lambda each: each.pmid in earlier
    if tokens[:1] == [":"]:
        tokens.pop(0)
        first, last = _day(token), _day(tokens.pop(0))
        return lambda each: first <= each.added_on <= last
    words, _, tag = token.rstrip("]").partition("[")
    return _term(words.strip('" ').lower(), tag)


def _term(words: str, tag: str) -> Test:
    links = {"hasretractionin": "RetractionIn", "hasexpressionofconcernin": "ExpressionOfConcernIn"}
    links["haserratumin"] = "ErratumIn"
    if tag == "sb":
        return lambda _each: True
    if words in links:
        return lambda each: links[words] in each.links
    if tag == "pt":
        return lambda each: words in (name.lower() for name in each.types)
    return lambda each: words in f"{each.title} {each.abstract}".lower()


def _day(token: str) -> date:
    year, *rest = map(int, token.split("[")[0].strip('"').split("/"))
    month, day = (rest + [1, 1])[:2]
    return date(year, month, day)


def articles(pmids: Sequence[int], **changes: object) -> list[Article]:
    """Invented records with these PMIDs."""
    return [Article(str(pmid), **changes) for pmid in pmids]  # type: ignore[arg-type]  # each field has its own type
