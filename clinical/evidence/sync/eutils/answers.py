"""What the E-utilities answer, read strictly; an error in any of its many shapes becomes one of ours.

Errors come as HTTP 429 or 400 with JSON, as HTTP 400 or 200 with <ERROR> in XML or "ERROR" in JSON, and as pages of HTML
with HTTP 200. None of their words are passed on: they echo the API key and the query.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from lxml import etree

from clinical.evidence.sync.errors import (
    AnswerUnusable,
    ApiKeyRefused,
    EutilsError,
    EutilsRefused,
    HistoryExpired,
)

# What NCBI says, to the error it stands for. The first that matches decides.
_SAID: tuple[tuple[re.Pattern[str], Callable[[], Exception]], ...] = (
    (
        re.compile(r"rate limit exceeded|too many requests", re.I),
        lambda: Passing("it asked for fewer requests"),
    ),
    (
        re.compile(r"api[ -]key (?:is )?(?:invalid|not valid|wrong)|invalid api[ -]key", re.I),
        lambda: ApiKeyRefused("NCBI does not know the API key. Check TACIT_NCBI_API_KEY, or leave it empty"),
    ),
    (
        re.compile(r"retstart'? cannot be larger|out of range|out of acceptable range", re.I),
        lambda: EutilsRefused("NCBI refuses that part of the result. Make the query narrower"),
    ),
    (
        re.compile(r"retrieve history|obtain query|webenv|query_key|fetch uids from history", re.I),
        lambda: HistoryExpired("NCBI's history server has forgotten the search"),
    ),
    (
        re.compile(r"backend|viewer|timeout|temporar|try again|unavailable|resource|internal", re.I),
        lambda: Passing("a fault of its own"),
    ),
)
_ERROR_ELEMENT = re.compile(rb"<ERROR>(.*?)</ERROR>", re.S | re.I)
_HISTORY_NAME = re.compile(r"[\w.@-]{1,500}", re.ASCII)
_HEAD_BYTES = 4_096


class Passing(Exception):
    """The answer is of no use now, and the same request may succeed in a moment; `what` is our word for why."""

    def __init__(self, what: str, *, pause_seconds: float | None = None) -> None:
        super().__init__(what)
        self.what, self.pause_seconds = what, pause_seconds


@dataclass(frozen=True)
class History:
    """A result set on NCBI's history server: usable for some hours."""

    web_env: str
    query_key: int


@dataclass(frozen=True)
class Found:
    """A search: how many records, their first PMIDs, and where the set lies."""

    count: int
    pmids: tuple[str, ...]
    history: History | None


T = TypeVar("T")


def error_said(said: str) -> Exception:
    """Return the error that NCBI's words stand for; they are not kept."""
    return next((make() for pattern, make in _SAID if pattern.search(said)), _refused())


def check_no_error(body: bytes) -> None:
    """Raise what an error body, of XML or JSON, stands for. Raises: Passing, EutilsError."""
    if body.lstrip().startswith(b"{"):
        _check_json(body)
    if found := _ERROR_ELEMENT.search(body[:_HEAD_BYTES]):
        raise error_said(found[1].decode("utf-8", "replace"))


def check_body(body: bytes, *, opens_with: bytes) -> None:
    """Raise what an error body of XML, JSON or HTML stands for; a body must open as asked.

    Raises: Passing, EutilsError.
    """
    check_no_error(body)
    head = body[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \r\n\t")
    if b"<html" in head.lower():
        raise Passing("it sent a page, no data")
    if not head.startswith(opens_with):
        raise Passing("it sent no data")


def _check_json(body: bytes) -> None:
    try:
        document = json.loads(body, strict=False)
    except ValueError:
        return
    if isinstance(document, dict) and (said := document.get("error")):
        raise error_said(str(said))


def read_search(body: bytes) -> Found:
    """Return what ESearch found (retmode=json). Raises: Passing, EutilsError."""
    check_body(body, opens_with=b"{")
    try:
        result = json.loads(body, strict=False)["esearchresult"]
    except (ValueError, KeyError, TypeError) as error:
        raise Passing("its answer was cut short") from error
    if said := result.get("ERROR"):
        raise error_said(str(said))
    return _expected(lambda: _found(result))


def _found(result: dict[str, Any]) -> Found:
    unknown = result.get("errorlist", {})
    if unknown.get("fieldsnotfound"):
        raise EutilsRefused("PubMed does not know a search field of the query. Check its tags")
    pmids = tuple(str(pmid) for pmid in result["idlist"])
    if not all(pmid.isdecimal() for pmid in pmids):
        raise ValueError("a PMID has digits only")
    history = _history(str(result["webenv"]), str(result["querykey"])) if "webenv" in result else None
    return Found(count=int(result["count"]), pmids=pmids, history=history)


def read_post(body: bytes) -> History:
    """Return where EPost put the records. Raises: Passing, EutilsError."""
    check_body(body, opens_with=b"<")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Passing("its answer was cut short") from error
    return _expected(lambda: _history(root.findtext("WebEnv") or "", root.findtext("QueryKey") or ""))


def _history(web_env: str, query_key: str) -> History:
    if not _HISTORY_NAME.fullmatch(web_env):
        raise ValueError("no name of a history")
    return History(web_env, int(query_key))


def _expected(read: Callable[[], T]) -> T:
    try:
        return read()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AnswerUnusable(
            "NCBI's answer has another shape than it documents. Tell the maintainers"
        ) from error


def _refused() -> EutilsError:
    return EutilsRefused("NCBI does not take the request as it is. Check the query in PubMed itself")
