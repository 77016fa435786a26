"""The form in which a profile says what it demands."""

from dataclasses import dataclass
from typing import NamedTuple

MANY = None


class Rule(NamedTuple):
    """How often an element is there, and which codes it may have ("system|code" of a Coding, else the value).

    A path names a slice in brackets ("agent[client].who"); the codes of a slice's `type` are what tells it from
    the others. A rule with codes alone has the cardinality 0..*.
    """

    path: str
    low: int = 0
    high: int | None = MANY
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A profile's rules beyond those of its parent.

    `observers` are agents that must be the event's own observer, `patients` references that must name a patient;
    `closed` lists take none but the slices named.
    """

    url: str
    parent: str = ""
    rules: tuple[Rule, ...]
    observers: tuple[str, ...] = ()
    patients: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def one(path: str, *codes: str) -> Rule:
    """Return the rule that an element is there exactly once, with one of these codes."""
    return Rule(path, 1, 1, codes)


def none(path: str) -> Rule:
    """Return the rule that an element is not there."""
    return Rule(path, 0, 0)


def code(coding: tuple[str, str, str]) -> str:
    """Return a Coding as rules write it."""
    return f"{coding[0]}|{coding[1]}"
