"""A value that a note tells, with its quote."""

from dataclasses import dataclass

from clinical.calculators.domain import Value


@dataclass(frozen=True, kw_only=True)
class Mention:
    """An input as a note tells it: `quote` is `note[start:end]`, verbatim.

    `is_assumed`: the note does not speak of it, and what is not said counts as not there; the quote is then empty.
    """

    name: str
    value: Value
    quote: str = ""
    start: int = 0
    end: int = 0
    is_assumed: bool = False
