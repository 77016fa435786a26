"""Makes the vocabulary of the egress guard from the starter evidence: python -m benchmarks.egress_vocabulary.

A word is common where articles write it in lower case at least twice as often as with a capital within a sentence; a
name is not. An eponym is a name that articles put before "disease", "syndrome", "score" and the like. What is written
is read by clinical/evidence/sync/words/vocabulary.py. No randomness: the same content gives the same files.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.literature import CONTENT, articles
from clinical.evidence.sync.words.terms import EPONYM_NOUNS, WORD
from clinical.evidence.sync.words.vocabulary import FOLDER, fold

LEAST_ARTICLES = 2
LEAST_ABBREVIATION = 3
LEAST_EPONYM = 2
LOWER_PER_CAPITAL = 2
LONGEST_ABBREVIATION = 8
# Eponyms of the bedside that abstracts seldom spell out. Source: Stedman's Medical Eponyms.
OTHER_EPONYMS = frozenset(
    "babinski barre brudzinski centor chaddock graves hoffmann homans kernig mallampati murphy ranson romberg trousseau "
    "virchow wells".split()
)
# Names with a capital inside, which are no abbreviations.
PARTICLE = re.compile(r"(?:Mc|Mac|De|La|Le|Van|Di|O)[A-Z][a-z]")
EPONYM = re.compile(
    rf"([A-Z][^\W\d_A-Z]{{2,}})(?:['\u2019]s)?(?:[ -](?:[A-Z]?[^\W\d_]+)){{0,2}}?[ -](?:{'|'.join(EPONYM_NOUNS)})\b"
)


class Counts:
    """In how many texts each word stands: in lower case, as a name, as an abbreviation, as an eponym."""

    def __init__(self) -> None:
        self.lower: Counter[str] = Counter()
        self.named: Counter[str] = Counter()
        self.abbreviated: Counter[str] = Counter()
        self.eponyms: Counter[str] = Counter()
        self.headings: set[str] = set()

    def add(self, text: str) -> None:
        """Count the words of one text, each once."""
        words = [(fold(match.group()), match.start()) for match in WORD.finditer(text)]
        self.lower.update({word for word, _ in words if word.islower()})
        self.named.update({word.lower() for word, at in words if word.istitle() and _is_inside(text, at)})
        self.abbreviated.update({word for word, _ in words if _looks_abbreviated(word)})
        self.eponyms.update({fold(match[1]).lower() for match in EPONYM.finditer(text)})


def _is_inside(text: str, at: int) -> bool:
    before = text[max(at - 2, 0) : at]
    return len(before) == 2 and before[1] in " -" and (before[0].islower() or before[0] in ",-")


def _looks_abbreviated(word: str) -> bool:
    capitals = sum(letter.isupper() for letter in word)
    return (
        1 < len(word) <= LONGEST_ABBREVIATION
        and capitals >= 1
        and not word.istitle()
        and not PARTICLE.match(word)
    )


def count(content: Path) -> Counts:
    """Return the counts over the abstracts, their MeSH headings and the guideline sections of the starter content."""
    counts = Counts()
    for article in articles(content / "data"):
        counts.add(article.text)
        counts.headings.update(fold(word).lower() for word in WORD.findall(" ".join(article.mesh)))
    for section in sorted((content / "open_medicine" / "guidelines" / "content").glob("*/*.md")):
        counts.add(section.read_text(encoding="utf-8"))
    return counts


def lists(counts: Counts) -> dict[str, list[str]]:
    """Return the three lists, sorted: words, abbreviations, eponyms."""
    often = {
        word
        for word, articles in counts.lower.items()
        if articles >= LEAST_ARTICLES and articles >= LOWER_PER_CAPITAL * counts.named[word]
    }
    coded = {word for word in counts.headings if counts.named[word] == 0 and word.isalpha()}
    words = {word for word in often | coded if len(word) > 1}
    return {
        "words": sorted(words),
        "abbreviations": sorted(w for w, n in counts.abbreviated.items() if n >= LEAST_ABBREVIATION),
        "eponyms": sorted(
            {w for w, n in counts.eponyms.items() if n >= LEAST_EPONYM and w not in words} | OTHER_EPONYMS
        ),
    }


def write(made: Mapping[str, Iterable[str]]) -> None:
    """Write each list to its file, one word a line."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, words in made.items():
        (FOLDER / f"{name}.txt").write_text("\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    found = lists(count(CONTENT))
    write(found)
    sys.stdout.write("".join(f"{name}: {len(words):,}\n" for name, words in found.items()))
