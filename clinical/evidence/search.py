"""A question against the index: candidates by words and meaning, then only what covers it, best first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from clinical.evidence.domain import Filters, Findings, Kind, Passage, Source
from clinical.evidence.hybrid import HybridSearch
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.relevance.concepts import Concept, read_chart_term, read_manner, read_question
from clinical.evidence.relevance.picking import pick_passages
from clinical.evidence.relevance.ranking import Wanted, rank_passages, rank_sources
from clinical.evidence.relevance.words import StemmedSource, stem_lines

CANDIDATES = 40
SOURCES_READ_FOR_PASSAGES = 10
# Of a longer question or chart the rest is not read: a search must stay quick.
MOST_CONCEPTS = 40
MOST_CHART_TERMS = 40


def find_evidence(
    search: HybridSearch,
    question: str,
    *,
    context_terms: Sequence[str],
    limit_sources: int,
    limit_passages: int,
    preferred: Filters | None = None,
) -> Findings:
    """Return what answers the question; neither sources nor passages when nothing covers it."""
    wanted = replace(_read_wanted(search.index, question, context_terms), preferred=preferred)
    ranked = rank_sources(_candidates(search, question, wanted), wanted)[:SOURCES_READ_FOR_PASSAGES]
    by_source = [(read.source, found) for read in ranked if (found := rank_passages(read))][:limit_sources]
    passages = pick_passages((each for _, found in by_source for each in found), limit_passages)
    return Findings(
        sources=tuple(source for source, _ in by_source),
        passages=passages,
        unmatched=tuple(_unmatched(wanted.question, passages)),
    )


def find_articles(search: HybridSearch, question: str, *, limit: int) -> tuple[Source, ...]:
    """Return articles with an abstract that cover the question, best first."""
    wanted = _read_wanted(search.index, question, ())
    sayings = [(concept.sayings, concept.weight) for concept in wanted.question]
    by_words = search.index.search(sayings, tags=(Kind.ARTICLE.value,), limit=2 * limit)
    found = search.index.stemmed_at(by_words + search.nearest(question, limit=limit))
    articles = (each for each in found if each.source.kind is Kind.ARTICLE)
    return tuple(read.source for read in rank_sources(articles, wanted)[:limit])


def _read_wanted(index: EvidenceIndex, question: str, context_terms: Sequence[str]) -> Wanted:
    terms = (read_chart_term(term, index.frequency, index.size) for term in context_terms[:MOST_CHART_TERMS])
    return Wanted(
        question=read_question(question, index.frequency, index.size)[:MOST_CONCEPTS],
        manner=read_manner(question, index.frequency, index.size),
        chart=tuple(term for term in terms if term),
    )


def _candidates(search: HybridSearch, question: str, wanted: Wanted) -> Iterable[StemmedSource]:
    """Return what the question alone brings, by words or meaning, and what it brings with the chart favoured."""
    named = [(concept.sayings, concept.weight) for concept in wanted.question]
    chart = [concept.sayings for term in wanted.chart for concept in term]
    found = search.index.search(named, limit=CANDIDATES) + search.nearest(question, limit=CANDIDATES)
    if chart:
        found += search.index.search(named, favoured=chart, limit=CANDIDATES)
    return search.index.stemmed_at(found)


def _unmatched(question: Iterable[Concept], passages: Sequence[Passage]) -> Iterator[str]:
    lines = stem_lines(" ".join((each.source.title, *each.context, each.quote)) for each in passages)
    return (concept.words for concept in question if not concept.is_in(*lines))
