"""The quotable pieces of a Markdown text: sentences, bullets and table rows, under their headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from clinical.evidence.quoting.bullets import LONGEST_WHOLE, Bullets, is_bullet
from clinical.evidence.quoting.sentences import statement_spans
from clinical.evidence.quoting.unit import Unit, plain

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_NOT_EVIDENCE = re.compile(
    r"(?:key )?(?:references?|bibliography|sources?|further reading|abbreviations)$", re.I
)
# A lead-in of fewer words ("Men:") is a label, one of more says something.
STATEMENT_WORDS = 6


def markdown_units(text: str) -> Iterator[Unit]:
    """Yield the quotable pieces in their order; headings and lead-ins are context, code is left out."""
    reader = _Reader(text)
    start = 0
    for line in text.split("\n"):
        yield from reader.read(start, start + len(line))
        start += len(line) + 1
    yield from reader.close()


@dataclass
class _Reader:
    """What stands over the line being read."""

    text: str
    headings: list[tuple[int, str]] = field(default_factory=list)
    lead_in: str = ""
    lead_in_start: int = 0
    is_lead_in_used: bool = False
    table_header: str | None = None
    in_code: bool = False
    paragraph: tuple[int, int] | None = None
    bullets: Bullets = field(init=False)

    def __post_init__(self) -> None:
        self.bullets = Bullets(self.text)

    def read(self, start: int, end: int) -> Iterator[Unit]:
        """Yield the pieces that this line completes."""
        line = self.text[start:end]
        bare = line.strip()
        if bare.startswith(("```", "~~~")):
            yield from self.close()
            self.in_code = not self.in_code
        elif self.in_code or self._is_under_references(bare):
            return
        elif not bare:
            yield from self._close_paragraph()
            self.bullets.is_loose = True
        elif is_bullet(line) or self.bullets.continues(line):
            yield from self._close_paragraph()
            self.bullets.add(start, end)
        else:
            yield from self._read_block(start, end, bare)

    def _read_block(self, start: int, end: int, bare: str) -> Iterator[Unit]:
        yield from self._close_bullets()
        heading = _HEADING.match(bare)
        if heading or set(bare) <= set("-*_ =") or bare.startswith((">", "|")):
            yield from self._close_paragraph()
        if heading:
            self._open_section(len(heading.group(1)), plain(heading.group(2)))
        elif bare.startswith("|"):
            yield from self._row(start, end, bare)
        elif not set(bare) <= set("-*_ ="):
            self.table_header = None
            self.paragraph = (self.paragraph[0] if self.paragraph else start, end)

    def close(self) -> Iterator[Unit]:
        """Yield what is still open."""
        yield from self._close_paragraph()
        yield from self._close_bullets()
        self.table_header = None

    def _open_section(self, level: int, title: str) -> None:
        self.headings = [heading for heading in self.headings if heading[0] < level] + [(level, title)]
        self.lead_in, self.table_header = "", None

    def _is_under_references(self, bare: str) -> bool:
        return not bare.startswith("#") and any(_NOT_EVIDENCE.match(title) for _, title in self.headings)

    def _titles(self) -> tuple[str, ...]:
        return tuple(title for level, title in self.headings if level > 1)

    def _context(self) -> tuple[str, ...]:
        return (*self._titles(), self.lead_in) if self.lead_in else self._titles()

    def _row(self, start: int, end: int, bare: str) -> Iterator[Unit]:
        self.is_lead_in_used = True
        if self.table_header is None:
            self.table_header = " | ".join(plain(cell) for cell in bare.strip("|").split("|"))
        elif not set(bare) <= set("|-: "):
            inner = self.text[start:end]
            left = start + len(inner) - len(inner.lstrip("| \t"))
            right = start + len(inner.rstrip("| \t\r"))
            yield Unit(left, max(left, right), (*self._context(), self.table_header))

    def _close_bullets(self) -> Iterator[Unit]:
        if self.bullets.is_open:
            self.table_header = None
            yield from self._list_units()

    def _list_units(self) -> Iterator[Unit]:
        """Yield the list: with its lead-in when that is a statement and both are short, else by bullets."""
        is_statement = not self.is_lead_in_used and len(self.lead_in.split()) >= STATEMENT_WORDS
        if is_statement and self.bullets.end - self.lead_in_start <= LONGEST_WHOLE:
            whole = Unit(self.lead_in_start, self.bullets.end, self._titles())
            self.bullets = Bullets(self.text)
            yield whole
        else:
            yield from self.bullets.close(self._context())
        self.is_lead_in_used = True

    def _close_paragraph(self) -> Iterator[Unit]:
        if self.paragraph is None:
            return
        if self.is_lead_in_used:
            self.lead_in = ""
        (start, end), self.paragraph = self.paragraph, None
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip("> \t"))
        spans = list(statement_spans(self.text, start, end))
        lead_in = self.text[slice(*spans[-1])] if spans else ""
        is_lead_in = lead_in.endswith((":", ":**", ":*"))
        for first, last in spans[:-1] if is_lead_in else spans:
            yield Unit(first, last, self._context())
        self.is_lead_in_used = not is_lead_in
        if is_lead_in:
            self.lead_in, self.lead_in_start = plain(lead_in), spans[-1][0]
