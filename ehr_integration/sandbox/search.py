"""A FHIR search: the query string read strictly, and the resources that match it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.dates import element_interval
from ehr_integration.sandbox.matching import TESTS, Test
from ehr_integration.sandbox.outcome import FhirError, malformed
from ehr_integration.sandbox.parameters import PARAMETERS, Kind
from ehr_integration.sandbox.store import Store

Pairs: TypeAlias = Sequence[tuple[str, str]]

MAX_COUNT = 100


@dataclass(frozen=True, kw_only=True)
class Query:
    """A search that was understood; every filter must hold, by any of its tests."""

    resource_type: str
    pairs: tuple[tuple[str, str], ...]
    filters: tuple[tuple[str, tuple[Test, ...]], ...]
    sort_element: str | None
    newest_first: bool
    count: int


def parse_query(resource_type: str, pairs: Pairs, *, page_size: int) -> Query:
    """Return the query of a search on a known type. Raises: FhirError for what is unknown or malformed."""
    controls = _controls(pairs)
    sort_by = controls.get("_sort", "")
    return Query(
        resource_type=resource_type,
        pairs=tuple(pairs),
        filters=tuple(
            _filter(resource_type, name, value) for name, value in pairs if name not in ("_count", "_sort")
        ),
        sort_element=_sort_element(resource_type, sort_by.removeprefix("-")) if sort_by else None,
        newest_first=sort_by.startswith("-"),
        count=_count(controls["_count"]) if "_count" in controls else page_size,
    )


def _controls(pairs: Pairs) -> dict[str, str]:
    controls = [(name, value) for name, value in pairs if name in ("_count", "_sort")]
    if any(times > 1 for times in Counter(name for name, _ in controls).values()):
        raise malformed("Give _count and _sort at most once.")
    return dict(controls)


def _filter(resource_type: str, name: str, value: str) -> tuple[str, tuple[Test, ...]]:
    known = PARAMETERS[resource_type]
    if name not in known:
        raise FhirError(
            400,
            "not-supported",
            f"{resource_type} has no such search parameter here. Use one of: {', '.join(known)}.",
        )
    wanted = value.split(",")
    if "" in wanted:
        raise malformed(f"The search parameter {name} has an empty value.")
    parameter = known[name]
    return parameter.element, tuple(TESTS[parameter.kind](one) for one in wanted)


def _sort_element(resource_type: str, name: str) -> str:
    dates = {known: p.element for known, p in PARAMETERS[resource_type].items() if p.kind is Kind.DATE}
    if name not in dates:
        raise malformed(f"_sort on {resource_type} takes one of: {', '.join(dates) or 'nothing'}.")
    return dates[name]


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise malformed(f"_count is a whole number; at most {MAX_COUNT} are returned.")
    return min(int(text), MAX_COUNT)


def matches(store: Store, query: Query) -> list[Resource]:
    """Return every resource that the query asks for, sorted, of all pages."""
    found = [resource for resource in store.all(query.resource_type) if _holds(query, resource)]
    if query.sort_element is None:
        return found
    return _sorted(found, query.sort_element, newest_first=query.newest_first)


def _holds(query: Query, resource: Resource) -> bool:
    return all(
        element in resource and any(test(resource[element]) for test in tests)
        for element, tests in query.filters
    )


def matches_pairs(resource: Resource, pairs: Pairs) -> bool:
    """Whether a resource would be found by a search with these parameters. Raises: FhirError for unknown ones."""
    return _holds(parse_query(resource["resourceType"], pairs, page_size=1), resource)


def _sorted(found: list[Resource], element: str, *, newest_first: bool) -> list[Resource]:
    dated = [(element_interval(resource.get(element)), resource) for resource in found]
    known = [(span, resource) for span, resource in dated if span is not None]
    known.sort(key=lambda pair: pair[0], reverse=newest_first)
    return [resource for _, resource in known] + [resource for span, resource in dated if span is None]
