"""Elements of the specification's logical models, and the walk over a JSON document that finds what departs from them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, Union

Document: TypeAlias = Mapping[str, Any]
Form: TypeAlias = Callable[[Any], bool]
Invariant: TypeAlias = Callable[[Document], bool]
EMPTY: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Violation:
    """One rule that a document breaks, and where.

    The rule is an invariant's id, or "required:NAME", "empty:NAME", "code:NAME" (a closed list) or "form:NAME".
    """

    rule: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """A named value: of a form, of a closed list, or an element of its own."""

    of: Union[Form, frozenset[str], "Element"]
    is_required: bool = False
    is_list: bool = False
    may_be_empty: bool = False


@dataclass(frozen=True, kw_only=True)
class Element:
    """A JSON object: its fields, and the invariants that hold across them. Other names in it are nobody's concern."""

    fields: Mapping[str, Field]
    invariants: Mapping[str, Invariant] = field(default_factory=dict)


def required(of: Form | frozenset[str] | Element) -> Field:
    """Return a field that must be there."""
    return Field(of=of, is_required=True)


def optional(of: Form | frozenset[str] | Element) -> Field:
    """Return a field that may be absent, but not empty."""
    return Field(of=of)


def several(of: Form | frozenset[str] | Element) -> Field:
    """Return a field that is absent, or a list."""
    return Field(of=of, is_list=True)


def departures(document: object, element: Element, path: str = "") -> Iterator[Violation]:
    """Yield what departs from the element in a document, from the outside in."""
    if not isinstance(document, Mapping):
        yield Violation(f"form:{_name(path)}", path)
        return
    for name, described in element.fields.items():
        place = f"{path}.{name}" if path else name
        yield from _in_field(document, name, described, place)
    for rule, holds in element.invariants.items():
        if not holds(document):
            yield Violation(rule, path)


def _in_field(document: Document, name: str, described: Field, place: str) -> Iterator[Violation]:
    value = document.get(name)
    if value in EMPTY and not (described.may_be_empty and value == []):
        if described.is_required:
            yield Violation(f"required:{name}", place)
        elif name in document:
            yield Violation(f"empty:{name}", place)
    elif not described.is_list:
        yield from _in_value(value, name, described, place)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _in_value(item, name, described, f"{place}[{at}]")
    else:
        yield Violation(f"form:{name}", place)


def _in_value(value: object, name: str, described: Field, place: str) -> Iterator[Violation]:
    of = described.of
    if isinstance(of, Element):
        yield from departures(value, of, place)
    elif isinstance(of, frozenset):
        if not isinstance(value, str) or value not in of:
            yield Violation(f"code:{name}", place)
    elif not of(value):
        yield Violation(f"form:{name}", place)


def _name(path: str) -> str:
    return path.rpartition(".")[2].partition("[")[0] or "document"
