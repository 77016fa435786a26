"""A PubMed query taken apart: terms, the field each is searched in, and where they stand.

Source: PubMed User Guide, Search Field Tags (https://pubmed.ncbi.nlm.nih.gov/help/).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import zip_longest

WORD = re.compile(r"[^\W_]+")
PIECE = re.compile(
    r'"(?P<quoted>[^"\[\]]*)"|\[(?P<tag>[^\[\]"]*)\]|(?P<operator>\b(?:AND|OR|NOT)\b)|(?P<bracket>[()])'
    r'|(?P<bare>(?:(?!\b(?:AND|OR|NOT)\b)[^"\[\]()])+)'
)
# What a name becomes a medical term before.
EPONYM_NOUNS = (
    "disease|diseases|syndrome|syndromes|score|scores|scale|index|criteria|classification|sign|reflex|test|lymphoma"
    "|lymphomas|procedure|operation|tumor|tumour|dementia|palsy|ataxia|sarcoma|fracture|contracture|anemia|anaemia"
    "|encephalopathy|thyroiditis|equation|grade|stage|fistula|esophagus|oesophagus|phenomenon|virus|cells|stain|staining"
).split("|")


class Field(Enum):
    """How a field's terms are read."""

    TEXT = auto()
    HEADING = auto()
    DATE = auto()
    LANGUAGE = auto()


_TAGS = {
    Field.TEXT: (
        "tiab|title/abstract|ti|title|ab|abstract|tw|text word|all|all fields|sb|filter|ot|other term"
    ),
    Field.HEADING: (
        "mh|mesh|mesh terms|mh:noexp|majr|mesh major topic|majr:noexp|sh|subheading|mesh subheading"
        "|nm|substance name|supplementary concept|pa|pt|publication type"
    ),
    Field.DATE: (
        "dp|pdat|date - publication|edat|date - entry|crdt|date - create|mdat|lr|date - modification"
        "|mhda|date - mesh|dcom"
    ),
    Field.LANGUAGE: "la|lang|language",
}
FIELDS = {tag: field for field, tags in _TAGS.items() for tag in tags.split("|")}


@dataclass(frozen=True)
class Term:
    """Words that are searched together. `start` counts characters from 0; `field` is None where the tag is unknown."""

    text: str
    start: int
    field: Field | None


def read_terms(query: str) -> Iterator[Term]:
    """Yield the query's terms with their fields, in order."""
    pieces = list(PIECE.finditer(query))
    for piece, after in zip_longest(pieces, pieces[1:]):
        kind = "quoted" if piece["quoted"] is not None else "bare"
        if piece[kind] is not None and piece[kind].strip(" :"):
            yield Term(piece[kind], piece.start(kind), _field(after["tag"] if after else None))


def _field(tag: str | None) -> Field | None:
    return Field.TEXT if tag is None else FIELDS.get(" ".join(tag.lower().split()))


def is_balanced(query: str) -> bool:
    """Whether brackets and quotes close."""
    depth = 0
    for character in query:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    leftover = PIECE.sub("", query)
    return depth == 0 and not leftover
