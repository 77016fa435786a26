"""Corpora and sources as JSON."""

from typing import Any

from clinical.answers.document import source_text_document
from clinical.evidence.corpora.status import CorpusStatus
from clinical.evidence.domain import Source
from clinical.evidence.services import standing_of


def corpus_document(status: CorpusStatus) -> dict[str, Any]:
    """Return what the corpus is, and how much of it is in the index."""
    corpus = status.corpus
    checked_on = corpus.retractions_checked_on
    return {
        "name": corpus.name,
        "title": corpus.title,
        "source": corpus.source,
        "licence": corpus.licence,
        "date": corpus.date.isoformat() if corpus.date else None,
        "kind": corpus.kind.value,
        "retractions_checked_on": checked_on.isoformat() if checked_on else None,
        "sources": status.sources,
        "files": status.files,
        "unfinished": list(status.unfinished),
    }


def full_source_document(source: Source) -> dict[str, Any]:
    """Return everything that the index holds of a source."""
    return {
        **source_text_document(source, standing_of(source)),
        "authors": list(source.authors),
        "language": source.language,
        "publication_types": list(source.publication_types),
        "mesh": list(source.mesh),
        "specialties": list(source.specialties),
        "notice_of": list(source.notice_of),
    }
