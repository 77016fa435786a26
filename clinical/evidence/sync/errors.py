"""What can go wrong with a sync. No message holds a query, an API key, or what a server said.

SyncError                    (an EvidenceError)
├── SyncSwitchedOff          TACIT_SYNC is not "on": nothing was sent
├── AddressRefused           TACIT_EUTILS_URL is not https, or is no address
├── WordsUnreadable          the file of TACIT_SYNC_WORDS cannot be read
├── QueryRefused             the guard found something that may not leave; names kinds and positions
├── NothingSaved             no such saved query, or none at all
├── LargeJobRefused          a large job, and it is busy hours at NCBI
├── PaceUnavailable          Redis does not answer, so nobody knows how fast the other workers are
├── SyncStateUnreadable      sync.json is no whole file of this version
└── EutilsError
    ├── EutilsUnreachable    no usable answer after all tries
    ├── EutilsUntrusted      the server's certificate is not valid for it
    ├── EutilsRefused        NCBI does not take the request as it is
    │   └── ApiKeyRefused    NCBI does not know the API key
    ├── HistoryExpired       the history server has forgotten the search: search again
    └── AnswerUnusable       not what the E-utilities answer, or too large
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from clinical.evidence.errors import EvidenceError


class SyncError(EvidenceError):
    """The evidence could not be synchronised with PubMed."""


class SyncSwitchedOff(SyncError):
    """Nothing may leave: the hospital has not switched the sync on."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was sent: the sync is switched off. To let de-identified queries go to NCBI, set TACIT_SYNC=on in "
            ".env (see docs/evidence-sync.md)"
        )


class AddressRefused(SyncError):
    """TACIT_EUTILS_URL cannot be used."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"Nothing was sent: TACIT_EUTILS_URL {why}. Leave it empty for NCBI's own address, or name an https:// one"
        )


class WordsUnreadable(SyncError):
    """The hospital's own words cannot be read."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(
            f"Nothing was sent: the list of words {path or 'in the package'} cannot be read. It holds one word a line in UTF-8: "
            "check TACIT_SYNC_WORDS"
        )


class Finding(StrEnum):
    """What must not leave, or cannot be told from what must not. Values are shown; texts found never are."""

    DATE = "date"
    AGE = "age over 89"
    SOCIAL_SECURITY_NUMBER = "social security number"
    PHONE = "phone number"
    EMAIL = "e-mail address"
    URL = "web or network address"
    NUMBER = "record, account or device number"
    ADDRESS = "street address or post code"
    NAME = "name"
    CAPITALISED = "capitalised word that may be a name"
    UNKNOWN_WORD = "word outside the medical vocabulary"
    FIELD = "search field that may not be used"
    CHARACTER = "character that no query needs"
    LENGTH = "query too long"
    SYNTAX = "brackets or quotes that do not close"
    EMPTY = "no search term"


FIXES = {
    Finding.CAPITALISED: "write terms in lower case, or as MeSH headings with [mh]",
    Finding.UNKNOWN_WORD: "use another term, or let the privacy officer add the word to the file of TACIT_SYNC_WORDS",
    Finding.FIELD: "use mh, majr, nm, sh, pt, ti, tiab, tw, la, sb, dp, edat, crdt or mdat",
    Finding.DATE: "a day or month may stand only as YYYY/MM/DD with [dp], [edat], [crdt] or [mdat]",
}
OTHER_FIX = "take out what could tell of a person"


@dataclass(frozen=True, order=True)
class Found:
    """A finding, and where: characters from 1."""

    position: int
    finding: Finding


class QueryRefused(SyncError):
    """The query may not leave the hospital. `findings` say why and where, in the order of the query."""

    def __init__(self, findings: Sequence[Found]) -> None:
        where = "; ".join(f"{each.finding} at character {each.position}" for each in findings[:5])
        more = f"; and {len(findings) - 5} more" if len(findings) > 5 else ""
        fixes = dict.fromkeys(FIXES.get(each.finding, OTHER_FIX) for each in findings)
        super().__init__(f"Nothing was sent: {where}{more}. To mend it: {'; '.join(fixes)}")
        self.findings = tuple(findings)


class NothingSaved(SyncError):
    """No query is saved that could be refreshed."""

    def __init__(self, name: str | None) -> None:
        which = f"for the corpus {name}" if name else "yet"
        super().__init__(
            f"No query is saved {which}. Begin with `manage.py evidence sync --query QUERY [--corpus NAME]`"
        )


class LargeJobRefused(SyncError):
    """NCBI asks that large jobs wait for the night or the weekend."""

    def __init__(self, *, requests: int, opens: str) -> None:
        super().__init__(
            f"This takes about {requests:,} requests, and NCBI asks that large jobs run from 21:00 to 05:00 Eastern time or "
            f"at weekends: next from {opens}. Wait, make the query narrower, say --limit, or say --now"
        )


class PaceUnavailable(SyncError):
    """The rate is kept in Redis, and Redis does not answer."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was sent: Redis does not answer, so the rate that NCBI allows cannot be kept. Check that Redis runs and "
            "that REDIS_URL is right"
        )


class SyncStateUnreadable(SyncError):
    """What was written about earlier syncs cannot be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} cannot be read. Put back a whole copy, or remove it: saved queries and the date of the last check are "
            "then gone, and what was fetched stays"
        )


class EutilsError(SyncError):
    """The E-utilities did not give what was asked for."""


class EutilsUnreachable(EutilsError):
    """No usable answer came, however often it was tried."""


class EutilsUntrusted(EutilsError):
    """The server's certificate does not prove that it is the named one."""


class EutilsRefused(EutilsError):
    """NCBI does not take the request as it is."""


class ApiKeyRefused(EutilsRefused):
    """NCBI does not know the API key."""


class HistoryExpired(EutilsError):
    """The history server has forgotten the search."""


class AnswerUnusable(EutilsError):
    """The answer is not one of the E-utilities, or too large."""
