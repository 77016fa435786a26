"""The guard at the door: a query leaves only where it is made of known medical words and nothing that tells of a person.

It does not look for names; it lets through what is known not to be one. What it refuses by mistake can be said another
way, what it let through by mistake could not be called back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from clinical.evidence.readers.languages import language_code
from clinical.evidence.sync.errors import Finding, Found, QueryRefused
from clinical.evidence.sync.words.identifiers import find_identifiers
from clinical.evidence.sync.words.terms import EPONYM_NOUNS, WORD, Field, Term, is_balanced, read_terms
from clinical.evidence.sync.words.vocabulary import Vocabulary, fold

LONGEST_QUERY = 1_000
LONGEST_NUMBER_IN_WORD = 2
_LANGUAGE_CODES = frozenset("eng fre ger spa ita por dut jpn chi rus pol".split())
# How many words may stand between an eponym and its noun: "Wells clinical prediction score".
EPONYM_REACH = 3
_SENTENCE_END = re.compile(r"[.?!]\s+$")
_NOT_NEEDED = re.compile(
    r"[^\w\s()\[\]\":*/'\u2019.,;?!&+<>=%\u2264\u2265\u00b1\u00b5\u00b0\u2013-]|_|[\t\r\n\v\f]"
)
_PERIOD = re.compile(
    r"\d{4}(?:/\d{1,2}){0,2}(?:\s*:\s*\d{4}(?:/\d{1,2}){0,2})?|last \d{1,3} (?:days|months|years)", re.I
)
_DOSE = re.compile(r"\d+(?:mg|mcg|ug|g|kg|ml|l|iu|mmol|h|d|wk|mm|cm|nm|x|y|yo|s|th)", re.I)


@dataclass(frozen=True)
class DeidentifiedQuery:
    """A query that may leave. Only this module makes one (a test sees to it)."""

    text: str


def check_query(query: str, vocabulary: Vocabulary) -> DeidentifiedQuery:
    """Return the query as one that may leave. Raises: QueryRefused with every finding, never with a word of it."""
    if findings := sorted(set(_findings(query, vocabulary))):
        raise QueryRefused(findings)
    return DeidentifiedQuery(query.strip())


def added_since(query: DeidentifiedQuery, day: date) -> DeidentifiedQuery:
    """Return the query for records that PubMed took in on this day or later."""
    return DeidentifiedQuery(f'({query.text}) AND ("{day:%Y/%m/%d}"[edat] : "3000"[edat])')


# Queries of our own. Source: PubMed User Guide, Subsets, Publication Types, and Comment Correction Type.
EVERY_RECORD = DeidentifiedQuery("all[sb]")
RETRACTED = DeidentifiedQuery("retracted publication[pt] OR hasretractionin")
UNDER_CONCERN = DeidentifiedQuery("hasexpressionofconcernin")
CORRECTED = DeidentifiedQuery("haserratumin")


def _findings(text: str, vocabulary: Vocabulary) -> Iterator[Found]:
    if len(text) > LONGEST_QUERY:
        yield Found(LONGEST_QUERY + 1, Finding.LENGTH)
        return
    if not is_balanced(text):
        yield Found(1, Finding.SYNTAX)
    yield from (Found(match.start() + 1, Finding.CHARACTER) for match in _NOT_NEEDED.finditer(text))
    terms = list(read_terms(text))
    if not any(WORD.search(term.text) for term in terms):
        yield Found(1, Finding.EMPTY)
    yield from find_identifiers(_without_periods(text, terms))
    for term in terms:
        yield from _in_term(term, text, vocabulary)


def _without_periods(text: str, terms: list[Term]) -> str:
    """Return the text with blanks where a date field holds a period."""
    for term in terms:
        if term.field is Field.DATE and _PERIOD.fullmatch(term.text.strip()):
            text = text[: term.start] + " " * len(term.text) + text[term.start + len(term.text) :]
    return text


def _in_term(term: Term, text: str, vocabulary: Vocabulary) -> Iterator[Found]:
    if term.field is Field.DATE:
        if not _PERIOD.fullmatch(term.text.strip()):
            yield Found(term.start + 1, Finding.DATE)
        return
    if term.field is Field.LANGUAGE and _is_language(term.text.strip().lower()):
        return
    if term.field is None:
        yield Found(term.start + 1, Finding.FIELD)
    words = list(WORD.finditer(term.text))
    for number, match in enumerate(words):
        following = [fold(word.group()).lower() for word in words[number + 1 : number + 2 + EPONYM_REACH]]
        finding = _of_word(_Word.read(match, term, text), following, vocabulary)
        if finding is not None:
            yield Found(term.start + match.start() + 1, finding)


def _is_language(text: str) -> bool:
    # Any word of three letters may be a code, and so may not.
    return text in _LANGUAGE_CODES or (len(text) > 3 and language_code(text) is not None)


@dataclass(frozen=True)
class _Word:
    """A word in its place."""

    text: str
    may_be_capitalised: bool
    is_truncated: bool

    @classmethod
    def read(cls, match: re.Match[str], term: Term, query: str) -> "_Word":
        before = query[: term.start + match.start()]
        opens = not before.strip('( "') or bool(_SENTENCE_END.search(before))
        return cls(
            fold(match.group()),
            may_be_capitalised=opens or term.field is Field.HEADING,
            is_truncated=term.text[match.end() : match.end() + 1] == "*",
        )


def _of_word(word: _Word, following: list[str], vocabulary: Vocabulary) -> Finding | None:
    """Return what is wrong with the word; None where it is known to be no name."""
    text, lower = word.text, word.text.lower()
    if text.isdigit() or len(text) == 1 or text in vocabulary.abbreviations or _DOSE.fullmatch(text):
        return None
    if lower in vocabulary.eponyms and any(noun in following for noun in EPONYM_NOUNS):
        return None
    is_known = lower in vocabulary.words or (word.is_truncated and vocabulary.holds_stem(lower))
    if is_known and (text.islower() or (text.istitle() and word.may_be_capitalised)):
        return None
    if sum(letter.isdigit() for letter in text) > LONGEST_NUMBER_IN_WORD:
        return Finding.NUMBER
    return Finding.UNKNOWN_WORD if text.islower() else Finding.CAPITALISED
