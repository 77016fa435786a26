"""The words' side of hybrid search: a question, and what every result must meet, as queries of the index."""

from tantivy import FieldType, Occur, Query

from clinical.evidence.domain import Filters
from clinical.evidence.hybrid.question import Asked
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.stored import corpus_tag, grade_tag, language_tag, specialty_tag, whole

# `text` holds the title too.
_FIELDS = {"text": 1.0, "title": 0.5, "mesh": 0.2}
_HEADING = 0.5
_PHRASE_FIELDS = ("text", "mesh")


def words_query(index: EvidenceIndex, asked: Asked) -> Query:
    """Return the query for sources that hold any of what is asked for, by BM25."""
    # Nothing but weighted terms: of such a query tantivy skips most documents that cannot come first.
    terms = [
        Query.boost_query(index.term(field, stem), boost)
        for stem in asked.stems
        for field, boost in _FIELDS.items()
    ]
    headings = [Query.boost_query(index.term("heading", heading), _HEADING) for heading in asked.headings]
    return index.any_of([*terms, *headings])


def rows_query(index: EvidenceIndex, rows: list[int]) -> Query:
    """Return the query for the sources that carry these rows of vectors."""
    return index.any_of(index.term("row", row) for row in rows)


def demand(index: EvidenceIndex, query: Query, asked: Asked, filters: Filters) -> Query:
    """Return the query for what of it holds every quoted phrase and passes the filters; scores stay."""
    phrases = [
        index.any_of(index.words(field, phrase) for field in _PHRASE_FIELDS) for phrase in asked.phrases
    ]
    must = [Query.const_score_query(each, 0.0) for each in [*phrases, *_filters(index, filters)]]
    if not must:
        return query
    return Query.boolean_query([(Occur.Must, each) for each in [query, *must]])


def _filters(index: EvidenceIndex, filters: Filters) -> list[Query]:
    tags = [
        list(map(grade_tag, filters.grades)),
        list(map(corpus_tag, filters.corpora)),
        list(map(specialty_tag, filters.specialties)),
        list(map(language_tag, filters.languages)),
    ]
    queries = [index.any_of(index.term("tag", whole(tag)) for tag in any_of) for any_of in tags if any_of]
    if filters.year_from is not None or filters.year_to is not None:
        years = (filters.year_from, filters.year_to)
        queries.append(Query.range_query(index.schema, "year", FieldType.Integer, *years))
    return queries
