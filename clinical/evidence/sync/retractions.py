"""Every PMID in the index checked against PubMed: retracted, under concern, corrected, or none of it, as of today."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from math import ceil

from clinical.evidence.corpora.intake import Intake, put_all
from clinical.evidence.domain import Kind, Retraction, Source
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.sync.egress import CORRECTED, EVERY_RECORD, RETRACTED, UNDER_CONCERN, DeidentifiedQuery
from clinical.evidence.sync.errors import HistoryExpired
from clinical.evidence.sync.eutils.client import PMIDS_PER_POST, Eutils
from clinical.evidence.sync.hours import check_hour

REQUESTS_PER_BATCH = 5
MOST_EXPIRIES = 3


@dataclass(kw_only=True)
class RetractionReport:
    """What a check found. `checked` are sources; `newly_retracted` are ids; `unknown` PubMed does not hold.

    `corpora` are those that hold a PMID.
    """

    checked_on: date
    corpora: list[str]
    checked: int = 0
    retracted: int = 0
    newly_retracted: list[str]
    unknown: int = 0
    is_complete: bool = False


@dataclass(frozen=True)
class _Known:
    """What PubMed says of a batch of PMIDs."""

    held: frozenset[str]
    retracted: frozenset[str]
    under_concern: frozenset[str]
    corrected: frozenset[str]


class RetractionCheck:
    """One check of an index. What was checked today is not checked again, so a killed check goes on."""

    def __init__(self, eutils: Eutils, index: EvidenceIndex, intake: Intake, today: date) -> None:
        self._eutils, self._index, self._intake, self._today = eutils, index, intake, today
        self._report = RetractionReport(checked_on=today, corpora=[], newly_retracted=[])

    def run(self, *, limit: int | None, now: bool, progress: Callable[[int, int], None]) -> RetractionReport:
        """Check at most `limit` sources. Raises: LargeJobRefused, EutilsError, PaceUnavailable, AuditUnavailable."""
        total = sum(self._index.count(kind.value) for kind in Kind)
        wanted = total if limit is None else min(limit, total)
        if not now:
            check_hour(REQUESTS_PER_BATCH * ceil(wanted / PMIDS_PER_POST), datetime.now(UTC))
        sources = self._unchecked()
        waiting = islice(sources, limit)
        while batch := list(islice(waiting, PMIDS_PER_POST)):
            known = self._ask(sorted({source.pmid for source in batch if source.pmid}, key=int))
            held = [self._marked(each, known) for each in batch if each.pmid in known.held]
            put_all(self._intake, held)
            self._report.unknown += len(batch) - len(held)
            self._report.checked += len(batch)
            progress(self._report.checked, wanted)
        self._report.is_complete = next(sources, None) is None
        return self._report

    def _unchecked(self) -> Iterator[Source]:
        """Yield the sources with a PMID that were not checked today, of the index as it was at the start."""
        for kind in Kind:
            for _, address in self._index.best(
                self._index.term("tag", kind.value), max(1, self._index.count(kind.value))
            ):
                source = self._index.source_at(address)
                if source.pmid and source.pmid.isdecimal():
                    if source.corpus not in self._report.corpora:
                        self._report.corpora.append(source.corpus)
                    if source.retraction_checked_on != self._today:
                        yield source

    def _marked(self, source: Source, known: _Known) -> Source:
        """Return the source as PubMed says it stands; the intake tells its copies, and adds what notices say."""
        # What a title or an older record said is not taken back by PubMed's silence.
        is_retracted = source.retracted or source.pmid in known.retracted
        self._report.retracted += is_retracted
        if is_retracted and not source.retracted:
            self._report.newly_retracted.append(source.id)
        return replace(
            source,
            retraction=Retraction.RETRACTED if is_retracted else Retraction.NOT_RETRACTED,
            retraction_checked_on=self._today,
            has_concern=source.has_concern or source.pmid in known.under_concern,
            is_corrected=source.is_corrected or source.pmid in known.corrected,
        )

    def _ask(self, pmids: Sequence[str]) -> _Known:
        for _ in range(MOST_EXPIRIES):
            try:
                return self._asked(pmids)
            except HistoryExpired:
                continue
        return self._asked(pmids)

    def _asked(self, pmids: Sequence[str]) -> _Known:
        history = self._eutils.post(pmids)

        def those(query: DeidentifiedQuery) -> frozenset[str]:
            return frozenset(self._eutils.search(query, within=history, limit=len(pmids)).pmids)

        return _Known(
            held=those(EVERY_RECORD),
            retracted=those(RETRACTED),
            under_concern=those(UNDER_CONCERN),
            corrected=those(CORRECTED),
        )
