"""A corpus taken out of the index, with everything in it."""

from dataclasses import replace
from pathlib import Path

from clinical.evidence.corpora.catalogue import drop_corpus, find_corpus, write_corpus
from clinical.evidence.corpora.intake import Intake
from clinical.evidence.domain import GUIDELINES, PUBMED
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.stored import corpus_tag


def remove_corpus(folder: Path, name: str) -> int:
    """Remove the corpus and its sources; return how many there were. What it said of retractions stays known.

    Raises: CorpusUnknown, IndexMissing, IndexBusy, IndexNotWritten.
    """
    corpus = find_corpus(folder, name)
    count = EvidenceIndex(folder).count(corpus_tag(name))
    with Intake(folder) as intake:
        intake.journal.forget_corpus(name)
        intake.delete_corpus(corpus_tag(name))
    if name in {PUBMED, GUIDELINES}:
        # The starter content would come back at the next start.
        write_corpus(folder, replace(corpus, is_removed=True))
    else:
        drop_corpus(folder, name)
    return count
