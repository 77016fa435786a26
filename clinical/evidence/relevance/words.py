"""A text as the stems that both the index and a question are made of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

from clinical.evidence.domain import Source

_LONGEST_WORD = 100
# As many as the words of some 200,000 abstracts; about 50 MB.
_MOST_WORDS = 400_000
_WORD = re.compile(r"[^\W_]+")
# British and American spellings become one, whatever the source or the clinician prefers.
_SPELLINGS = (
    (re.compile(r"rrhoea|rrhea"), "rrhea"),
    (re.compile(r"pnoea\b"), "pnea"),
    (re.compile(r"[ao]e(?=[^\W\d_]{3})"), "e"),
    (re.compile(r"(tum|behavi|lab|col|fav|od|hum|vap)our"), r"\1or"),
    (re.compile(r"(?<=[^\W\d_]{3})([iy])s(e|ed|es|er|ing|ation|ations)\b"), r"\1z\2"),
    (re.compile(r"(cent|lit|fib|tit)re(s?)\b"), r"\1er\2"),
    (re.compile(r"(emi|peni)c\b"), r"\1a"),
    (re.compile(r"ologists?\b"), "ology"),
)


@dataclass(frozen=True)
class StemmedSource:
    """A source with the stem lines of its title, its MeSH headings and its text."""

    source: Source
    title: str
    headings: str
    body: str


def fold_spelling(text: str) -> str:
    """Return the text in lower case, with one spelling for words that have two."""
    text = text.lower()
    for spelling, folded in _SPELLINGS:
        text = spelling.sub(folded, text)
    return text


_ANALYZER = (
    TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.remove_long(_LONGEST_WORD))
    .filter(Filter.lowercase())
    .filter(Filter.ascii_fold())
    .filter(Filter.stemmer("english"))
    .build()
)
# A word of no language, which the stemmer leaves as it is.
_BETWEEN = "qzxqzx"


def stems(text: str) -> list[str]:
    """Return the text's words as stems, in order."""
    # Half a character, which JSON may hold and the analyzer could not take, belongs to no word.
    found: list[str] = _ANALYZER.analyze(fold_spelling(" ".join(_WORD.findall(text.lower()))))
    return found


def stem_line(text: str) -> str:
    """Return the stems between single spaces, with one at either end, so that " af " finds a whole word."""
    return f" {' '.join(stems(text))} "


def stem_lines(texts: Iterable[str]) -> list[str]:
    """Return the stem line of each text; one pass over many short texts is several times quicker."""
    several = list(texts)
    if not several:
        return []
    joined = stem_line(f" {_BETWEEN} ".join(several))
    return [f"{line} " if line.startswith(" ") else f" {line} " for line in joined.split(_BETWEEN)]


class Vocabulary:
    """The stems of the words met so far: three times as quick as `stem_line`, and the same lines.

    It remembers what it reads, so it is for published text only, never for a question or a chart.
    """

    def __init__(self) -> None:
        self._stems = _StemsByWord()

    def line(self, text: str) -> str:
        """Return the text's stem line."""
        return f" {' '.join(filter(None, map(self._stems.__getitem__, _WORD.findall(text.lower()))))} "

    def read(self, source: Source) -> StemmedSource:
        """Return the source with its stem lines."""
        title, headings, body = map(self.line, (source.title, "\n".join(source.mesh), source.text))
        return StemmedSource(source, title, headings, body)


class _StemsByWord(dict[str, str]):
    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_WORDS:
            self.clear()
        self[word] = stem = " ".join(_ANALYZER.analyze(fold_spelling(word)))
        return stem
