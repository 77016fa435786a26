"""Terms in plain words: what means the same is replaced, what would mean less in a word or two is explained below."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

GLOSSARY = Path(__file__).with_name("glossary.toml")


@cache
def _terms(kind: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Return what matches the terms of a kind, and their plain words."""
    table = tomllib.loads(GLOSSARY.read_text("utf-8"))[kind]
    plain = {each: words for spellings, words in table.items() for each in spellings.split("|")}
    longest_first = sorted(plain, key=len, reverse=True)
    # Abbreviations only as they are written: the letters of "ICS" are in no other word's.
    written = (re.escape(each) if each.isupper() else f"(?i:{re.escape(each)})" for each in longest_first)
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(written)})(?![\w-])")
    return pattern, {term.lower(): words for term, words in plain.items()}


def in_plain_words(text: str) -> str:
    """Return the text with terms replaced by words that mean the same; numbers, names and order stay as they are."""
    pattern, plain = _terms("say")
    return pattern.sub(lambda match: _as_begun(plain[match[0].lower()], match[0]), text)


def explained(text: str) -> dict[str, str]:
    """Return the terms of a text that need more than a word, each with its explanation."""
    pattern, plain = _terms("explain")
    found: dict[str, str] = {}
    for match in pattern.finditer(text):
        meaning = plain[match[0].lower()]
        if meaning not in found.values():
            found[match[0]] = meaning
    return found


def _as_begun(plain: str, term: str) -> str:
    return plain[0].upper() + plain[1:] if term[0].isupper() else plain
