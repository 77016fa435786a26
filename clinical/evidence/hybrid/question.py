"""A question as hybrid search reads it: the stems to look for, the phrases that must occur, MeSH headings."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from clinical.evidence.index import EvidenceIndex
from clinical.evidence.relevance.concepts import read_question
from clinical.evidence.relevance.generic import STOP_WORDS
from clinical.evidence.relevance.words import stem_line, stems

_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'["“]([^"“”]+)["”]')
# Of a longer question the rest is not read, and of its stems the rarest are looked for: a search must stay quick.
_MOST_CHARACTERS = 10_000
_MOST_STEMS = 48
_MOST_PHRASES = 8
_MOST_WORDS_OF_A_PHRASE = 12
_MOST_STEMS_FOR_HEADINGS = 100
_MOST_CHARACTERS_FOR_HEADINGS = 1_000
_LONGEST_HEADING = 6
_MOST_HEADINGS_OF_A_NAME = 3


@dataclass(frozen=True)
class Asked:
    """A question read against an index.

    `line` is all of it as one stem line, `stems` what of it is looked for.
    """

    line: str
    stems: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    headings: tuple[str, ...]

    @property
    def meant(self) -> tuple[str, ...]:
        """The stems, and those of the headings where the question names these in other words."""
        return tuple(dict.fromkeys([*self.stems, *(stem for each in self.headings for stem in each.split())]))


def read_asked(question: str, index: EvidenceIndex) -> Asked:
    """Return the question as the index can be asked; without stems when it holds no word."""
    question = question[:_MOST_CHARACTERS]
    line = stem_line(question)
    quoted = (tuple(stems(phrase)[:_MOST_WORDS_OF_A_PHRASE]) for phrase in _QUOTED.findall(question))
    return Asked(
        line=line,
        stems=_telling(question, index) or _rarest(line.split(), index),
        phrases=tuple(islice(filter(None, quoted), _MOST_PHRASES)),
        headings=_headings(question, line, index),
    )


def _telling(question: str, index: EvidenceIndex) -> tuple[str, ...]:
    words = (word for word in _WORD.findall(question.lower()) if word not in STOP_WORDS)
    return _rarest(stems(" ".join(words)), index)


def _rarest(found: list[str], index: EvidenceIndex) -> tuple[str, ...]:
    """Return the stems once each, in their order; of very many the rarest that the index holds."""
    distinct = list(dict.fromkeys(found))
    if len(distinct) <= _MOST_STEMS:
        return tuple(distinct)
    frequencies = {stem: count for stem in distinct if (count := index.frequency(stem))}
    rarest = set(sorted(frequencies, key=frequencies.__getitem__)[:_MOST_STEMS])
    return tuple(stem for stem in distinct if stem in rarest)


def _headings(question: str, line: str, index: EvidenceIndex) -> tuple[str, ...]:
    """Return the corpus's MeSH headings that the question names, itself or by a synonym."""
    found = list(_known(_runs(line.split()[:_MOST_STEMS_FOR_HEADINGS]), index))
    for concept in read_question(question[:_MOST_CHARACTERS_FOR_HEADINGS], index.frequency, index.size):
        otherwise = list(_known(concept.sayings, index))
        # A class of drugs has as many headings as members: none of them is what was asked for.
        found += otherwise if len(otherwise) <= _MOST_HEADINGS_OF_A_NAME else []
    return tuple(dict.fromkeys(found))


def _known(sayings: Iterable[str], index: EvidenceIndex) -> Iterator[str]:
    return (saying for saying in sayings if index.frequency_in("heading", saying))


def _runs(found: list[str]) -> Iterator[str]:
    """Yield every run of stems that is short enough to be a heading."""
    for start in range(len(found)):
        for end in range(start + 1, min(start + _LONGEST_HEADING, len(found)) + 1):
            yield " ".join(found[start:end])
