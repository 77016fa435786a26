"""What was synced and how far: `sync.json` beside the index, so that a killed sync goes on where it was."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from clinical.evidence.durable import write_whole
from clinical.evidence.sync.errors import SyncStateUnreadable
from clinical.evidence.sync.eutils.answers import History
from clinical.evidence.sync.eutils.client import DateType, Period

VERSION = "tacit-sync 1"


@dataclass
class Run:
    """A refresh under way: `done` of `total` records.

    `waiting` are the periods still to fetch, of which the first is at `position` of `count`.
    """

    until: date
    waiting: list[Period]
    total: int = 0
    done: int = 0
    history: History | None = None
    count: int = 0
    position: int = 0


@dataclass
class SavedQuery:
    """A query that keeps a corpus fresh. `since` leaves out what PubMed took in earlier."""

    query: str
    corpus: str
    since: date | None = None
    refreshed_on: date | None = None
    run: Run | None = None


@dataclass
class SyncState:
    """Everything that `sync.json` holds; `retractions_checked_on` is the day of the last complete check.

    `index` names the index to which all of it belongs.
    """

    index: str
    queries: list[SavedQuery] = field(default_factory=list)
    retractions_checked_on: date | None = None

    def saved(self, query: str, corpus: str, since: date | None) -> SavedQuery:
        """Return the saved query, which is new where query, corpus or `since` are."""
        for each in self.queries:
            if (each.query, each.corpus, each.since) == (query, corpus, since):
                return each
        self.queries.append(SavedQuery(query, corpus, since))
        return self.queries[-1]


class StateFile:
    """The state of one index's syncs."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "sync.json"

    def read(self, index: str = "") -> SyncState:
        """Return what was written last; where it was about another index than this one, only its queries.

        Raises: SyncStateUnreadable.
        """
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
            if stored["version"] != VERSION:
                raise ValueError("another version")
            queries = [_saved(each) for each in stored["queries"]]
            checked_on = _day(stored["retractions_checked_on"])
            is_same = index in {"", stored["index"]}
        except FileNotFoundError:
            return SyncState(index)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SyncStateUnreadable(self._path) from error
        if not is_same:
            return SyncState(index, [SavedQuery(each.query, each.corpus, each.since) for each in queries])
        return SyncState(index, queries, checked_on)

    def write(self, state: SyncState) -> None:
        """Write the state, all of it or nothing. Raises: OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, {"version": VERSION, **asdict(state)})


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


def _saved(stored: dict[str, Any]) -> SavedQuery:
    return SavedQuery(
        query=str(stored["query"]),
        corpus=str(stored["corpus"]),
        since=_day(stored["since"]),
        refreshed_on=_day(stored["refreshed_on"]),
        run=_run(stored["run"]) if stored["run"] else None,
    )


def _run(stored: dict[str, Any]) -> Run:
    history = stored["history"]
    return Run(
        until=date.fromisoformat(stored["until"]),
        waiting=[_period(each) for each in stored["waiting"]],
        total=int(stored["total"]),
        done=int(stored["done"]),
        history=History(str(history["web_env"]), int(history["query_key"])) if history else None,
        count=int(stored["count"]),
        position=int(stored["position"]),
    )


def _period(stored: dict[str, str]) -> Period:
    first, last = date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"])
    return Period(DateType(stored["date_type"]), first, last)
