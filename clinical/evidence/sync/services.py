"""What the sync does for others: a new query, the saved ones again, and the check of what was retracted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from clinical.evidence.corpora.catalogue import (
    Corpus,
    Description,
    describe,
    known_corpus,
    read_corpora,
    write_corpus,
)
from clinical.evidence.corpora.intake import Intake
from clinical.evidence.domain import PUBMED
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.sync.configured import (
    check_switched_on,
    configured_vocabulary,
    connected,
    server_host,
)
from clinical.evidence.sync.egress import DeidentifiedQuery, check_query
from clinical.evidence.sync.errors import NothingSaved, QueryRefused
from clinical.evidence.sync.eutils.client import Eutils
from clinical.evidence.sync.recording import AuditedSending, check_may_sync, record_refusal
from clinical.evidence.sync.retractions import RetractionCheck, RetractionReport
from clinical.evidence.sync.state import SavedQuery, StateFile, SyncState
from clinical.evidence.sync.storing import Store
from clinical.evidence.sync.updating import Update, UpdateReport, Wishes
from compliance.access.domain import Actor

_INDEX_NAME = "sync.index"
# Source: NLM, Copyright Information for PubMed.
_LICENCE = "NLM's terms of use; abstracts may be under their publishers' copyright"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a sync would send, and where: all of it has passed the guard. `sources` may be checked for retractions."""

    host: str
    is_switched_on: bool
    has_key: bool
    queries: tuple[SavedQuery, ...] = ()
    sources: int = 0


def sync_query(actor: Actor, query: str, *, corpus: str, since: date | None, wishes: Wishes) -> UpdateReport:
    """Fetch what the query finds into the corpus, and keep the query for the next refresh.

    Raises: SyncError, AccessDenied, AuditUnavailable, EvidenceError.
    """
    check_switched_on()
    Corpus(name=corpus)  # refuses a name that could not stand in an id
    checked = _checked(actor, query)
    with _syncing(actor) as sync:
        return sync.update(sync.state.saved(checked.text, corpus, since), checked, wishes)


def sync_saved(actor: Actor, *, corpus: str | None, wishes: Wishes) -> Iterator[UpdateReport]:
    """Refresh the saved queries (of one corpus), and yield a report after each. Raises: as `sync_query`."""
    check_switched_on()
    # Checked again: the guard may have become stricter since.
    waiting = [(each.query, each.corpus, each.since, _checked(actor, each.query)) for each in _saved(corpus)]
    with _syncing(actor) as sync:
        for query, into, since, checked in waiting:
            yield sync.update(sync.state.saved(query, into, since), checked, wishes)


def check_retractions(actor: Actor, *, wishes: Wishes) -> RetractionReport:
    """Check every PMID in the index, and mark what was retracted. Raises: as `sync_query`."""
    check_switched_on()
    with _syncing(actor) as sync:
        check = RetractionCheck(sync.eutils, EvidenceIndex(_folder()), sync.intake, sync.today)
        report = check.run(limit=wishes.limit, now=wishes.now, progress=wishes.progress)
        if report.is_complete:
            sync.state.retractions_checked_on = sync.today
            sync.save()
            for corpus in read_corpora(_folder()):
                if corpus.name in report.corpora:
                    write_corpus(_folder(), replace(corpus, retractions_checked_on=sync.today))
        return report


def plan(*, query: str | None, corpus: str | None, since: date | None) -> Plan:
    """Return what would be sent; nothing is, and nothing is written. Raises: QueryRefused, NothingSaved, SyncError."""
    vocabulary = configured_vocabulary()
    queries = _saved(corpus) if query is None else [SavedQuery(query, corpus or PUBMED, since)]
    for each in queries:
        check_query(each.query, vocabulary)
    return _plan(queries=tuple(queries))


def plan_retractions() -> Plan:
    """Return where a check would be made; nothing is sent. Raises: IndexMissing, AddressRefused."""
    return _plan(sources=EvidenceIndex(_folder()).size)


def _plan(*, queries: tuple[SavedQuery, ...] = (), sources: int = 0) -> Plan:
    return Plan(
        host=server_host(),
        is_switched_on=settings.TACIT_SYNC,
        has_key=bool(settings.TACIT_NCBI_API_KEY),
        queries=queries,
        sources=sources,
    )


@dataclass(frozen=True)
class _Sync:
    """The index open for writing, its state, and the E-utilities."""

    eutils: Eutils
    intake: Intake
    state: SyncState
    file: StateFile
    today: date

    def save(self) -> None:
        self.file.write(self.state)

    def update(self, saved: SavedQuery, query: DeidentifiedQuery, wishes: Wishes) -> UpdateReport:
        corpus = _described(saved.corpus)
        store = Store(self.intake, corpus=corpus, today=self.today)
        report = Update(self.eutils, store, saved, query, self.save).run(self.today, wishes)
        write_corpus(_folder(), replace(corpus, date=self.today))
        return report


@contextmanager
def _syncing(actor: Actor) -> Iterator[_Sync]:
    """Hold the index, so that nobody else writes it. Raises: IndexBusy, SyncError, AccessDenied."""
    check_may_sync(actor)
    file = StateFile(_folder())
    with (
        connected(AuditedSending(actor, server_host())) as eutils,
        Intake(_folder()) as intake,
    ):
        state = file.read(_name_of(intake))
        held = _corpus_names()
        state.queries = [each for each in state.queries if each.corpus in held]
        yield _Sync(eutils, intake, state, file, datetime.now(UTC).date())


def _name_of(intake: Intake) -> str:
    """Return the index's name for itself: an index that was made anew has another."""
    name = intake.journal.fact(_INDEX_NAME)
    if name is None:
        name = uuid4().hex
        intake.journal.note_fact(_INDEX_NAME, name)
        intake.journal.commit()
    return name


def _described(name: str) -> Corpus:
    """Return the corpus, described and written where it is new."""
    known = known_corpus(_folder(), name)
    if known is not None and not known.is_removed:
        return known
    title = "PubMed" if name == PUBMED else name
    said = Description(
        title=title, source="PubMed, National Library of Medicine (E-utilities)", licence=_LICENCE
    )
    corpus = describe(known or Corpus(name=name), said)
    write_corpus(_folder(), corpus)
    return corpus


def _corpus_names() -> set[str]:
    return {each.name for each in read_corpora(_folder()) if not each.is_removed}


def _checked(actor: Actor, query: str) -> DeidentifiedQuery:
    try:
        return check_query(query, configured_vocabulary())
    except QueryRefused as refused:
        record_refusal(actor, refused)
        raise


def _saved(corpus: str | None) -> list[SavedQuery]:
    """Return the saved queries (of one corpus) of corpora that were not removed since. Raises: NothingSaved."""
    held = _corpus_names() if corpus is None else _corpus_names() & {corpus}
    queries = [each for each in StateFile(_folder()).read().queries if each.corpus in held]
    if not queries:
        raise NothingSaved(corpus)
    return queries


def _folder() -> Path:
    return Path(settings.TACIT_EVIDENCE_FOLDER)
