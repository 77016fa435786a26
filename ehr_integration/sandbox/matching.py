"""How one search value matches one element: a test for each kind of parameter."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from ehr_integration.sandbox.dates import PREFIXES, element_interval, interval
from ehr_integration.sandbox.outcome import malformed
from ehr_integration.sandbox.parameters import Kind

Test: TypeAlias = Callable[[Any], bool]


def token(wanted: str) -> Test:
    """Return a test for `code`, `system|code`, `|code` (no system) and `system|` (any code of it)."""
    system, bar, code = wanted.rpartition("|")

    def test(element: object) -> bool:
        return any(code in ("", c) and (not bar or system == s) for s, c in _codes(element))

    return test


def _codes(element: object) -> Iterator[tuple[str, str]]:
    if isinstance(element, str):
        yield "", element
    elif isinstance(element, list):
        for item in element:
            yield from _codes(item)
    elif isinstance(element, dict) and "code" in element:
        yield element.get("system", ""), element["code"]
    elif isinstance(element, dict):
        yield from _codes(element.get("coding", []))


def reference(wanted: str) -> Test:
    """Return a test for a patient's id, `Patient/id` or an absolute address that ends so."""
    relative = "/".join(wanted.split("/")[-2:]) if "/" in wanted else f"Patient/{wanted}"
    return lambda element: bool(element["reference"] == relative)


def date(wanted: str) -> Test:
    """Return a test for a date with one of the prefixes eq, gt, lt, ge, le. Raises: FhirError."""
    prefix, text = (wanted[:2], wanted[2:]) if wanted[:2] in PREFIXES else ("eq", wanted)
    try:
        asked = interval(text)
    except (ValueError, OverflowError):
        raise malformed(
            "Not a date: write YYYY, YYYY-MM, YYYY-MM-DD or a dateTime, after eq, gt, lt, ge or le."
        ) from None

    def test(element: object) -> bool:
        had = element_interval(element)
        return had is not None and PREFIXES[prefix](had, asked)

    return test


def name(wanted: str) -> Test:
    """Return a test for a part of a HumanName, whatever its case and accents."""
    part = _folded(wanted)
    return lambda element: any(part in _folded(human["text"]) for human in element)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


TESTS: dict[Kind, Callable[[str], Test]] = {
    Kind.TOKEN: token,
    Kind.REFERENCE: reference,
    Kind.DATE: date,
    Kind.STRING: name,
}
