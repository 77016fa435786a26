"""One message: its segments, and their fields as text, escapes resolved, whatever is missing empty."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import hl7  # type: ignore[import-untyped]

from ehr_integration.errors import MessageRefused
from ehr_integration.hl7v2.escapes import unescape

MAX_SEPARATORS = 100_000
SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
NULL = '""'  # the sender deleted the value
Field = tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A segment: repetitions of fields, each a row of components, each a row of subcomponents."""

    name: str
    fields: tuple[Field, ...]

    def text(self, field: int, component: int = 1, part: int = 1) -> str:
        """Return a value of the first repetition, counted from 1; "" where absent or null."""
        return next(iter(self.texts(field, component, part)), "")

    def texts(self, field: int, component: int = 1, part: int = 1) -> list[str]:
        """Return the value in each repetition."""
        rows = self.repetitions(field)
        return [str(_at(_at(row, component - 1, ()), part - 1, "")) for row in rows]

    def repetitions(self, field: int) -> Field:
        """Return the repetitions of a field as rows of components."""
        return self.fields[field] if 0 < field < len(self.fields) else ()


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message; `segments` in the order sent, the header first."""

    segments: tuple[Segment, ...]

    @property
    def header(self) -> Segment:
        """The MSH segment."""
        return self.segments[0]

    @property
    def kind(self) -> str:
        """MSH-9.1: ADT, ORU."""
        return self.header.text(9)

    @property
    def event(self) -> str:
        """The trigger event, from MSH-9.2 or EVN-1: A01."""
        return self.header.text(9, 2) or next((each.text(1) for each in self.all("EVN")), "")

    def all(self, name: str) -> list[Segment]:
        """Return the segments of a name, in order."""
        return [each for each in self.segments if each.name == name]


def read_message(lines: Sequence[str]) -> Message:
    """Return the message of these segments.

    Raises: MessageRefused, which names the segment and field that cannot be read.
    """
    check_separators(lines[0])
    _check_lines(lines)
    try:
        parsed = hl7.parse("\r".join(lines))
    except (hl7.HL7Exception, ValueError, LookupError, AssertionError, AttributeError):
        raise MessageRefused(
            100, "not in the form of HL7 v2: check the encoding characters", segment="MSH"
        ) from None
    message = Message(segments=tuple(_segment(each, lines[0][3:9]) for each in parsed))
    if not message.kind:
        raise MessageRefused(101, "no message type: fill it in", segment="MSH", field=9)
    return message


def check_separators(header: str) -> None:
    """Raise MessageRefused unless MSH-1 and MSH-2 hold distinct separators."""
    separator, encoding = header[3:4], header[4:].split(header[3:4] or "|")[0].rstrip()
    if not separator or separator.isalnum() or separator.isspace():
        raise MessageRefused(102, "no field separator: MSH must begin with MSH|^~\\&", segment="MSH", field=1)
    marks = separator + encoding
    if not 2 <= len(encoding) <= 5 or not _are_marks(marks):
        raise MessageRefused(102, "wrong encoding characters: use ^~\\&", segment="MSH", field=2)


def _are_marks(marks: str) -> bool:
    """Whether the separators are distinct, and none is a letter, a digit, a space or a control character."""
    return len(set(marks)) == len(marks) and all(
        33 <= ord(mark) < 127 and not mark.isalnum() for mark in marks
    )


def _check_lines(lines: Sequence[str]) -> None:
    marks = lines[0][3:8]
    if sum(line.count(mark) for line in lines for mark in marks[:5]) > MAX_SEPARATORS:
        raise MessageRefused(
            102, "too many fields or repetitions: send less in one message", segment=_name(lines)
        )
    before = "MSH"
    for at, line in enumerate(lines, 1):
        if not SEGMENT.fullmatch(line[:3]) or line[3:4] not in {"", marks[0]}:
            text = f"line {at}, after this segment, is no segment: escape line breaks within fields"
            raise MessageRefused(100, text, segment=before)
        before = line[:3]


def _name(lines: Sequence[str]) -> str:
    longest = max(lines, key=len)[:3]
    return longest if SEGMENT.fullmatch(longest) else "MSH"


def _segment(parsed: hl7.Segment, marks: str) -> Segment:
    name = str(parsed[0])[:3]
    literal = 2 if name == "MSH" else 0
    fields = [
        (((str(field),),),) if at <= literal else _field(field, marks) for at, field in enumerate(parsed)
    ]
    return Segment(name=name, fields=tuple(fields))


def _field(field: object, marks: str) -> Field:
    return tuple(
        tuple(
            tuple(_value(str(part), marks) for part in _parts(component)) for component in _parts(repetition)
        )
        for repetition in _parts(field)
    )


def _parts(container: object) -> Sequence[object]:
    """Return the parts; the library gives a lone part as bare text."""
    return container if isinstance(container, list) and container else [container]


def _value(text: str, marks: str) -> str:
    return "" if text == NULL else unescape(text, marks).strip()


def _at(values: Sequence[Any], index: int, default: Any) -> Any:  # noqa: ANN401 - any row of the message
    return values[index] if index < len(values) else default
