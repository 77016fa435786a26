"""The passages of a source that may be quoted, with their exact offsets."""

import re

from clinical.evidence.domain import Kind, Passage, Source
from clinical.evidence.grading import is_citable
from clinical.evidence.quoting.abstract import abstract_units
from clinical.evidence.quoting.addressed import is_addressed
from clinical.evidence.quoting.markdown import markdown_units
from clinical.evidence.quoting.unit import Unit

SHORTEST = 25
LONGEST = 1200
FEWEST_WORDS = 4
FENCE = "```"
_WORD = re.compile(r"[^\W\d_]{2,}")
# Remarks of publishers and of the summaries' software, not statements of the source.
_BOILERPLATE = re.compile(
    r"\(?abstract truncated|©|\(?copyright\b|this article is protected|all rights reserved|`|trial registration\b",
    re.IGNORECASE,
)
_ASIDE_LABELS = ("REGISTRATION", "REGISTER", "FUNDING", "KEYWORD", "KEY WORDS", "COPYRIGHT")


def split_passages(source: Source) -> tuple[Passage, ...]:
    """Return the quotable pieces of the source in their order; none when it may not be cited."""
    if not is_citable(source):
        return ()
    units = (markdown_units if source.kind is Kind.GUIDELINE else abstract_units)(source.text)
    return tuple(
        Passage(source=source, start=unit.start, end=unit.end, context=unit.context)
        for unit in units
        if _is_quotable(source.text, unit) and not _is_addressed(source, unit)
    )


def _is_addressed(source: Source, unit: Unit) -> bool:
    """Whether the words speak to a reader or a machine: what was slipped into a text must not become a statement."""
    words, is_literature = source.text[unit.start : unit.end], source.kind is Kind.ARTICLE
    is_code = is_literature and source.text.count(FENCE, 0, unit.start) % 2 == 1
    return is_code or is_addressed(words, is_literature=is_literature)


def _is_quotable(text: str, unit: Unit) -> bool:
    quote = text[unit.start : unit.end]
    if not SHORTEST <= len(quote) <= LONGEST or quote.endswith((":", ":**")):
        return False
    if any(name in label.upper() for label in unit.context for name in _ASIDE_LABELS):
        return False
    if quote.startswith("(") and quote.endswith((")", ").")):
        return False
    return len(_WORD.findall(quote)) >= FEWEST_WORDS and not _BOILERPLATE.search(quote)
