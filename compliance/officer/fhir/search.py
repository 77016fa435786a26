"""The parameters of a search for AuditEvents, read into a query.

What is not known is refused: to leave a filter out would show an officer more than they asked for.
Source: FHIR R4, AuditEvent, "Search Parameters"; R5 for `purpose`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.balp.actions import ACTIONS, actions_of
from audit.balp.codes import ACCOUNT_SYSTEM, ACT_REASON, ACTION_SYSTEM, CLIENT_SYSTEM
from audit.services import Query
from compliance.officer.fhir.dates import period_of
from compliance.officer.fhir.errors import SearchInvalid

DEFAULT_COUNT, LARGEST_COUNT = 50, 200
LONGEST_VALUE = 200
RESOURCE_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
FHIR_ACTIONS = frozenset("CRUDE")
FHIR_OUTCOMES = frozenset({"0", "4", "8", "12"})
REPEATABLE = frozenset({"date"})
Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is searched for, how many at once, and in which order."""

    query: Query
    count: int
    is_newest_first: bool
    named: list[str] = field(default_factory=list)

    @property
    def patient_id(self) -> str:
        """The patient who is asked about; empty where none is."""
        return self.query.values.get("patient", "")


def search_of(parameters: Parameters) -> Search:
    """Return the search. Raises: SearchInvalid, naming the parameter."""
    given = {name: [value for value in values if value] for name, values in parameters.items()}
    given = {name: values for name, values in given.items() if values}
    _check_names(given)
    period = period_of(given.get("date", []))
    values: dict[str, str] = {}
    for name, read in EQUALITIES.items():
        if name in given:
            values |= read(given[name][0])
    query = Query(
        since=period.since,
        until=period.until,
        values=values,
        actions=_actions(_one(given, "action")),
        outcomes=frozenset(map(int, _codes(_one(given, "outcome"), FHIR_OUTCOMES, "outcome"))),
    )
    return Search(
        query=query,
        count=_count(_one(given, "_count")),
        is_newest_first=_is_newest_first(_one(given, "_sort")),
        named=sorted(name for name in given if not name.startswith("_")),
    )


def _check_names(given: Mapping[str, Sequence[str]]) -> None:
    for name, values in given.items():
        if name not in KNOWN:
            raise SearchInvalid(
                f"There is no such search parameter; these are known: {', '.join(sorted(KNOWN))}"
            )
        if len(values) > 1 and name not in REPEATABLE:
            raise SearchInvalid(f"{name} is given more than once")
        if any(len(value) > LONGEST_VALUE or not value.isprintable() for value in values):
            raise SearchInvalid(
                f"{name} is longer than {LONGEST_VALUE} characters, or holds control characters"
            )


def _one(given: Mapping[str, Sequence[str]], name: str) -> str:
    return given[name][0] if name in given else ""


def _patient(value: str) -> dict[str, str]:
    patient_id = value.removeprefix("Patient/")
    if not RESOURCE_ID.fullmatch(patient_id):
        raise SearchInvalid("patient is an id, or Patient/ and an id")
    return {"patient": patient_id}


def _agent(value: str) -> dict[str, str]:
    """Read an account's name, or an account or client as system|name."""
    system, bar, name = value.rpartition("|")
    if not bar or system == ACCOUNT_SYSTEM:
        return {"user": name}
    if system == CLIENT_SYSTEM:
        return {"client": name}
    raise SearchInvalid(f"agent is an account's name, {ACCOUNT_SYSTEM}|NAME or {CLIENT_SYSTEM}|NAME")


def _purpose(value: str) -> dict[str, str]:
    system, bar, code = value.rpartition("|")
    if bar and system != ACT_REASON:
        raise SearchInvalid(f"purpose is a code of {ACT_REASON}")
    return {"purpose": code}


def _actions(value: str) -> frozenset[str]:
    """FHIR's codes, or our own as system|code."""
    actions: set[str] = set()
    for each in filter(None, value.split(",")):
        own = each.removeprefix(f"{ACTION_SYSTEM}|")
        if each in FHIR_ACTIONS:
            actions |= actions_of(each)
        elif own != each and own in ACTIONS:
            actions.add(own)
        else:
            raise SearchInvalid(f"action is one of C, R, U, D, E, or {ACTION_SYSTEM}| and one of our actions")
    return frozenset(actions)


def _codes(value: str, known: frozenset[str], name: str) -> set[str]:
    codes = set(filter(None, value.split(",")))
    if not codes <= known:
        raise SearchInvalid(f"{name} is one of {', '.join(sorted(known, key=int))}")
    return codes


def _count(value: str) -> int:
    if not value:
        return DEFAULT_COUNT
    if not (value.isascii() and value.isdecimal()) or not 1 <= int(value) <= LARGEST_COUNT:
        raise SearchInvalid(f"_count is a number from 1 to {LARGEST_COUNT}")
    return int(value)


def _is_newest_first(value: str) -> bool:
    if value not in {"", "date", "-date"}:
        raise SearchInvalid("_sort is date or -date")
    return value != "date"


EQUALITIES: dict[str, Callable[[str], dict[str, Any]]] = {
    "patient": _patient,
    "agent": _agent,
    "purpose": _purpose,
}
KNOWN = frozenset({*EQUALITIES, "date", "action", "outcome", "_count", "_sort"})
