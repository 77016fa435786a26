"""The three tools that a sync needs: ESearch, EPost and EFetch on PubMed, each request recorded before it is sent."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Protocol, TypeVar

from clinical.evidence.sync.egress import DeidentifiedQuery
from clinical.evidence.sync.eutils.answers import Found, History, check_body, read_post, read_search
from clinical.evidence.sync.eutils.sending import Sender

# PubMed gives the first 9,999 records of a result and no more (NBK25499, ESearch, retmax and retstart).
MOST_RECORDS = 9_999
RECORDS_PER_FETCH = 200
PMIDS_PER_POST = 5_000

T = TypeVar("T")


class DateType(StrEnum):
    """Which date of a record counts: when PubMed took it in, or when it was changed last."""

    ADDED = "edat"
    CHANGED = "mdat"


@dataclass(frozen=True)
class Period:
    """Days, the first and last included."""

    date_type: DateType
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What is about to be sent, for the record: never an API key. `query` is empty where only ids or a history go."""

    tool: str
    query: str = ""
    since: str = ""
    until: str = ""
    size: int = 0
    sha256: str = ""


class Recorder(Protocol):
    """Writes down what is sent, before the block sends it."""

    def __call__(self, outgoing: Outgoing) -> AbstractContextManager[None]:
        """Return a block for the request. Raises: AuditUnavailable, and then nothing is sent."""


@dataclass(frozen=True)
class Identity:
    """Who asks, as NCBI wants to know it."""

    email: str = ""
    api_key: str = ""

    def __repr__(self) -> str:
        """Return the identity without its key, whoever prints it."""
        return f"Identity(email={self.email!r}, api_key={'***' if self.api_key else ''!r})"


@dataclass(frozen=True)
class Eutils:
    """PubMed through the E-utilities."""

    sender: Sender
    identity: Identity
    record: Recorder

    def search(
        self,
        query: DeidentifiedQuery,
        *,
        period: Period | None = None,
        within: History | None = None,
        limit: int = 0,
    ) -> Found:
        """Search, keep the result on the history server, and return it with its first `limit` PMIDs.

        `within` restricts the search to an earlier result. Raises: EutilsError, AuditUnavailable, PaceUnavailable.
        """
        form = {
            "retmode": "json",
            "usehistory": "y",
            "retmax": str(min(limit, MOST_RECORDS)),
            "term": query.text,
        }
        if within is not None:
            form |= {"term": f"#{within.query_key} AND ({query.text})", "WebEnv": within.web_env}
        since = until = ""
        if period is not None:
            since, until = f"{period.first:%Y/%m/%d}", f"{period.last:%Y/%m/%d}"
            form |= {"datetype": period.date_type.value, "mindate": since, "maxdate": until}
        outgoing = Outgoing(tool="esearch", query=query.text, since=since, until=until)
        return self._send(outgoing, form, read_search)

    def post(self, pmids: Sequence[str]) -> History:
        """Put PMIDs on the history server. Raises: EutilsError, AuditUnavailable, PaceUnavailable."""
        listed = ",".join(pmids)
        outgoing = Outgoing(tool="epost", size=len(pmids), sha256=sha256(listed.encode()).hexdigest())
        return self._send(outgoing, {"id": listed}, read_post)

    def fetch(self, history: History, *, start: int, size: int, read: Callable[[bytes], T]) -> T:
        """Return what `read` makes of records `start` (from 0) and on of a result, as PubMed XML.

        `read` raises Passing where the XML is of no use. Raises: EutilsError, AuditUnavailable, PaceUnavailable.
        """
        form = {"retmode": "xml", "WebEnv": history.web_env, "query_key": str(history.query_key)}
        form |= {"retstart": str(start), "retmax": str(size)}

        def checked(body: bytes) -> T:
            check_body(body, opens_with=b"<")
            return read(body)

        return self._send(Outgoing(tool="efetch", size=size), form, checked)

    def _send(self, outgoing: Outgoing, form: dict[str, str], read: Callable[[bytes], T]) -> T:
        who = {
            "db": "pubmed",
            "tool": "tacit",
            "email": self.identity.email,
            "api_key": self.identity.api_key,
        }
        with self.record(outgoing):
            return self.sender.send(
                outgoing.tool, form | {name: said for name, said in who.items() if said}, read
            )
