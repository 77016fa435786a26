"""Finds what a rule's path means in a document: elements, and the slices of a list."""

import re
from collections.abc import Mapping
from typing import Any

SEGMENT = re.compile(r"(\w+)(?:\[(\w+)\])?")
Codes = Mapping[str, tuple[str, ...]]


def parents_of(document: dict[str, Any], path: str, codes: Codes) -> list[Any]:
    """Return the elements that hold the last element of the path; none where an optional one is missing."""
    parent = path.rpartition(".")[0]
    return elements_at(document, parent, codes) if parent else [document]


def elements_at(document: dict[str, Any], path: str, codes: Codes) -> list[Any]:
    """Return every element at the path."""
    found: list[Any] = [document]
    walked = ""
    for segment in path.split("."):
        walked = f"{walked}.{segment}" if walked else segment
        found = [child for each in found for child in children_of(each, segment, walked, codes)]
    return found


def children_of(parent: Any, segment: str, path: str, codes: Codes) -> list[Any]:  # noqa: ANN401 - any JSON
    """Return an element's children of one name, in a slice those that are its own."""
    match = SEGMENT.fullmatch(segment)
    if match is None or not isinstance(parent, dict):
        return []
    value = parent.get(match[1], [])
    values = value if isinstance(value, list) else [value]
    if match[2] is None:
        return values
    # A slice is told by its type, or by the code itself where it is a list of codes.
    if path in codes:
        return [each for each in values if has_code(each, codes[path])]
    wanted = codes.get(f"{path}.type", ())
    return [each for each in values if isinstance(each, dict) and has_code(each.get("type"), wanted)]


def has_code(value: Any, allowed: tuple[str, ...]) -> bool:  # noqa: ANN401 - any JSON
    """Whether the value, or one of its codings, is one of the codes."""
    return not codes_of(value).isdisjoint(allowed)


def codes_of(value: Any) -> set[str]:  # noqa: ANN401 - any JSON
    """Return a value's codes: of a CodeableConcept, a Coding, or a plain value."""
    if isinstance(value, dict):
        codings = value.get("coding", [value])
        return {f"{each.get('system')}|{each.get('code')}" for each in codings if isinstance(each, dict)}
    if isinstance(value, bool):
        return {str(value).lower()}
    return {str(value)}
