"""A saved query brought up to date: its periods searched, their records fetched, stored and counted, batch by batch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil

from clinical.evidence.corpora.report import Counts
from clinical.evidence.sync.egress import DeidentifiedQuery, added_since
from clinical.evidence.sync.errors import HistoryExpired
from clinical.evidence.sync.eutils.client import MOST_RECORDS, RECORDS_PER_FETCH, DateType, Eutils, Period
from clinical.evidence.sync.hours import check_hour
from clinical.evidence.sync.state import Run, SavedQuery
from clinical.evidence.sync.storing import Store

# PubMed's oldest records are from the eighteenth century; no entry date is older than this.
EARLIEST = date(1800, 1, 1)
# A record changed on the day of the last refresh may have come after it.
OVERLAP = timedelta(days=1)
MOST_EXPIRIES = 3

# Called with records done and records in all.
ReportProgress = Callable[[int, int], None]


@dataclass(kw_only=True)
class UpdateReport:
    """What a refresh brought. `missing` were announced and not sent; `beyond_reach` PubMed does not give out at all.

    `fetched` were asked for in this run; what was `added`, `updated`, `unchanged` or `skipped` came.
    """

    query: str
    corpus: str
    found: int = 0
    fetched: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    missing: int = 0
    beyond_reach: int = 0
    is_complete: bool = False


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How a refresh should go: at most `limit` records now, in busy hours too, and who hears of it."""

    limit: int | None = None
    now: bool = False
    progress: ReportProgress = lambda _done, _total: None


class Update:
    """One refresh of one saved query, from where it is to the end or to the limit."""

    def __init__(
        self,
        eutils: Eutils,
        store: Store,
        saved: SavedQuery,
        query: DeidentifiedQuery,
        save: Callable[[], None],
    ) -> None:
        """`save` makes the state of the saved query durable."""
        self._eutils, self._store, self._saved, self._save = eutils, store, saved, save
        # A refresh asks for what was changed, and must not bring what the query left out as too old.
        is_refresh = saved.refreshed_on is not None
        self._query = added_since(query, saved.since) if is_refresh and saved.since else query
        self._report = UpdateReport(query=saved.query, corpus=saved.corpus)
        self._expiries = 0

    def run(self, today: date, wishes: Wishes) -> UpdateReport:
        """Fetch what is new. Raises: LargeJobRefused, EutilsError, PaceUnavailable, AuditUnavailable, EvidenceError."""
        run = self._saved.run or self._begin(today)
        self._report.found = run.total
        self._check_hour(run, wishes)
        while run.waiting and not self._is_at(wishes.limit):
            try:
                self._step(run, wishes)
            except HistoryExpired:
                self._expiries += 1
                if self._expiries > MOST_EXPIRIES:
                    raise
                # Search the period again from its start: its records may stand in another order now.
                run.done -= run.position
                run.history, run.count, run.position = None, 0, 0
            self._save()
        if not run.waiting:
            self._saved.refreshed_on, self._saved.run = run.until, None
            self._report.is_complete = True
            self._save()
        return self._report

    def _begin(self, today: date) -> Run:
        saved = self._saved
        if saved.refreshed_on is not None:
            period = Period(DateType.CHANGED, saved.refreshed_on - OVERLAP, today)
        else:
            period = Period(DateType.ADDED, saved.since or EARLIEST, today)
        found = self._eutils.search(self._query, period=period)
        saved.run = Run(until=today, waiting=[period] if found.count else [], total=found.count)
        if found.count <= MOST_RECORDS:
            saved.run.history, saved.run.count = found.history, found.count
        self._save()
        return saved.run

    def _check_hour(self, run: Run, wishes: Wishes) -> None:
        left = run.total - run.done
        records = left if wishes.limit is None else min(left, wishes.limit)
        if not wishes.now:
            check_hour(ceil(records / RECORDS_PER_FETCH), datetime.now(UTC))

    def _step(self, run: Run, wishes: Wishes) -> None:
        if run.history is None:
            self._search(run)
        else:
            self._fetch(run, wishes)
            wishes.progress(run.done, run.total)

    def _search(self, run: Run) -> None:
        """Find the first period's records; cut the period in two where PubMed would not give them all."""
        period = run.waiting[0]
        found = self._eutils.search(self._query, period=period)
        if found.count > MOST_RECORDS and period.first < period.last:
            middle = period.first + (period.last - period.first) / 2
            halves = (period.first, middle), (middle + timedelta(days=1), period.last)
            run.waiting[:1] = [Period(period.date_type, first, last) for first, last in halves]
        elif found.count == 0:
            run.waiting.pop(0)
        else:
            self._report.beyond_reach += max(0, found.count - MOST_RECORDS)
            run.history, run.count, run.position = found.history, min(found.count, MOST_RECORDS), 0

    def _fetch(self, run: Run, wishes: Wishes) -> None:
        """Fetch and store one batch, durable before the position moves on."""
        left = run.count - run.position
        if wishes.limit is not None:
            left = min(left, wishes.limit - self._report.fetched)
        size = min(RECORDS_PER_FETCH, left)
        history = run.history
        assert history is not None  # noqa: S101 - the caller's branch
        batch = self._eutils.fetch(history, start=run.position, size=size, read=self._store.read)
        self._count(size, self._store.put(batch))
        run.position += size
        run.done += size
        if run.position >= run.count:
            run.waiting.pop(0)
            run.history, run.count, run.position = None, 0, 0

    def _count(self, asked: int, counts: Counts) -> None:
        report = self._report
        report.fetched += asked
        report.added += counts.added
        report.updated += counts.updated
        report.unchanged += counts.unchanged
        report.skipped += sum(counts.skipped.values())
        report.missing += max(0, asked - counts.records)

    def _is_at(self, limit: int | None) -> bool:
        return limit is not None and self._report.fetched >= limit
