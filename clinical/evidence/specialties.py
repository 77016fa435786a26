"""Which specialties a source is for: by its MeSH headings, the words of its title and its journal.

The words are in `specialties.json`: "cardi*" is any word that begins so, "not" takes a match out again. Check tags such
as "Child" count only where no adults were studied; a study of animals alone is for no specialty.
"""

import json
import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

_DATA: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "specialties.json").read_text(encoding="utf-8")
)
SPECIALTIES = tuple(_DATA)
# NLM notes these of every study whose people were of that age; they say nothing of its subject.
_CHECK_TAGS = {"Adolescent", *(heading for data in _DATA.values() for heading in data.get("headings", ()))}
_NOTHING = re.compile(r"(?!)")


def specialties_of(*, title: str, mesh: Collection[str], journal: str | None) -> tuple[str, ...]:
    """Return the specialties, in the order of SPECIALTIES; none where nothing tells."""
    if "Animals" in mesh and "Humans" not in mesh:
        return ()
    found = set(_in_words(title)) | set(_of_journal(journal or ""))
    for heading in mesh:
        if heading not in _CHECK_TAGS:
            found.update(_in_words(heading))
    found |= _by_check_tag(mesh)
    return tuple(each for each in SPECIALTIES if each in found) if found else ()


def _pattern(words: Sequence[str], *, is_anchored: bool = False) -> re.Pattern[str]:
    """Return what matches any of the words; a star stands for the rest (or the beginning) of a word."""
    if not words:
        return _NOTHING
    written = "|".join(
        re.escape(word).replace(r"\*", r"[\w.\- ]*" if is_anchored else r"\w*") for word in words
    )
    return re.compile(rf"(?:{written})$" if is_anchored else rf"\b(?:{written})\b")


_WORDS = {name: (_pattern(data["words"]), _pattern(data["not"])) for name, data in _DATA.items()}
_JOURNALS = {name: _pattern(data["journals"], is_anchored=True) for name, data in _DATA.items()}
_WORD = re.compile(r"[\w-]+")
_FIRST_WORDS = {
    name: _pattern([word.split()[0] for word in data["words"]], is_anchored=True)
    for name, data in _DATA.items()
}


@lru_cache(maxsize=65_536)
def _in_words(text: str) -> tuple[str, ...]:
    lower = text.lower()
    possible = {name for word in _WORD.findall(lower) for name in _begun_by(word)}
    return tuple(name for name in possible if _says(lower, *_WORDS[name]))


def _says(lower: str, words: re.Pattern[str], exceptions: re.Pattern[str]) -> bool:
    return words.search(lower) is not None and words.search(exceptions.sub(" ", lower)) is not None


@lru_cache(maxsize=65_536)
def _begun_by(word: str) -> tuple[str, ...]:
    """Return the specialties of which a word or phrase may begin with this word, or with a part of it."""
    parts = (word, *word.split("-")) if "-" in word else (word,)
    return tuple(name for name, first in _FIRST_WORDS.items() if any(map(first.match, parts)))


@lru_cache(maxsize=65_536)
def _of_journal(journal: str) -> tuple[str, ...]:
    lower = journal.lower().replace(".", "")
    return tuple(name for name, pattern in _JOURNALS.items() if pattern.match(lower))


def _by_check_tag(mesh: Collection[str]) -> set[str]:
    return {
        name
        for name, data in _DATA.items()
        if not set(data.get("headings", ())).isdisjoint(mesh)
        and set(data.get("unless_headings", ())).isdisjoint(mesh)
    }
