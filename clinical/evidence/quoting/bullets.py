"""A list as quotable pieces: a bullet with what is nested under it, or each nested bullet apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from clinical.evidence.quoting.unit import Unit, plain

LONGEST_WHOLE = 500
_MARKER = re.compile(r"(\s*)(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
_DEEPEST = 6


def is_bullet(line: str) -> bool:
    """Whether the line opens a bullet or a numbered item."""
    return _MARKER.match(line) is not None and not set(line.strip()) <= set("-*_ ")


@dataclass
class _Bullet:
    indent: int
    start: int
    own_end: int
    end: int
    nested: list["_Bullet"] = field(default_factory=list)


@dataclass
class Bullets:
    """The list being read; `is_loose` after an empty line, where only an indented line continues it."""

    text: str
    is_loose: bool = False
    _roots: list[_Bullet] = field(default_factory=list)
    _open: list[_Bullet] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether a list is being read."""
        return bool(self._roots)

    @property
    def end(self) -> int:
        """Where the list read so far ends."""
        return self._roots[-1].end

    def continues(self, line: str) -> bool:
        """Whether the line is a further line of the bullet being read."""
        is_block = line.lstrip().startswith(("#", "|", ">"))
        return self.is_open and not is_block and (line[:1].isspace() or not self.is_loose)

    def add(self, start: int, end: int) -> None:
        """Take in one line of the list."""
        self.is_loose = False
        end = start + len(self.text[start:end].rstrip())
        marker = _MARKER.match(self.text, start, end)
        if marker:
            self._add_bullet(_Bullet(len(marker.group(1).expandtabs(4)), marker.end(), end, end))
        elif not self._open[-1].nested:
            self._open[-1].own_end = end
        for bullet in self._open:
            bullet.end = end

    def _add_bullet(self, bullet: _Bullet) -> None:
        while self._open and (self._open[-1].indent >= bullet.indent or len(self._open) >= _DEEPEST):
            self._open.pop()
        (self._open[-1].nested if self._open else self._roots).append(bullet)
        self._open.append(bullet)

    def close(self, context: tuple[str, ...]) -> Iterator[Unit]:
        """Yield the pieces of the list, and be ready for the next."""
        roots, self._roots, self._open, self.is_loose = self._roots, [], [], False
        for bullet in roots:
            yield from self._units(bullet, context)

    def _units(self, bullet: _Bullet, context: tuple[str, ...]) -> Iterator[Unit]:
        if not bullet.nested or bullet.end - bullet.start <= LONGEST_WHOLE:
            yield Unit(bullet.start, bullet.end, context)
            return
        under = (*context, plain(self.text[bullet.start : bullet.own_end]))
        for nested in bullet.nested:
            yield from self._units(nested, under)
