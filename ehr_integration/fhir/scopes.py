"""What a token lets us do: SMART scopes, v1 and v2, with the queries of granular scopes.

Source: SMART App Launch 2.2.0, "Scopes and Launch Context".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl, urlencode

_CLINICAL = re.compile(r"(patient|user|system)/(\*|[A-Z][A-Za-z]+)\.([a-z*]+)(?:\?(.+))?")
_V2 = re.compile(r"c?r?u?d?s?")  # in this order, section "Scopes for requesting FHIR Resources"
_V1 = {"read": "rs", "write": "cud", "*": "cruds"}


@dataclass(frozen=True)
class Scope:
    """One clinical scope: for whom, which type ("*" for all), the letters of c r u d s, and what a query narrows it to."""

    context: str
    resource_type: str
    permissions: str
    query: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        narrowed = f"?{urlencode(self.query, safe='/:|,')}" if self.query else ""
        return f"{self.context}/{self.resource_type}.{self.permissions}{narrowed}"

    def covers(self, resource_type: str, permission: str, params: Mapping[str, str]) -> bool:
        """Whether a request lies within the scope.

        A search must repeat the scope's query. Whether a read lies within a query only the server can tell, which holds
        the resource: it is tried.
        """
        if self.resource_type not in ("*", resource_type) or permission not in self.permissions:
            return False
        return permission != "s" or all(_narrows(params.get(name), value) for name, value in self.query)

    def shared_with(self, other: "Scope") -> "Scope | None":
        """Return what lies in both, if anything does; a search must then meet the queries of both."""
        types = {self.resource_type, other.resource_type} - {"*"}
        letters = "".join(each for each in self.permissions if each in other.permissions)
        if self.context != other.context or len(types) > 1 or not letters:
            return None
        query = tuple(sorted({*self.query, *other.query}))
        return Scope(self.context, next(iter(types), "*"), letters, query)


@dataclass(frozen=True)
class Scopes:
    """The scopes of a token or of a request; `others` are not about resources (openid, launch, online_access)."""

    clinical: tuple[Scope, ...]
    others: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the scopes of a space-separated text; what is not a clinical scope is kept among the others."""
        found = [(word, _clinical(word)) for word in text.split()]
        return cls(
            clinical=tuple(dict.fromkeys(scope for _, scope in found if scope is not None)),
            others=frozenset(word for word, scope in found if scope is None),
        )

    def allows(self, resource_type: str, permission: str, params: Mapping[str, str] | None = None) -> bool:
        """Whether a request of this kind (one letter of c r u d s) is within the scopes."""
        return any(scope.covers(resource_type, permission, params or {}) for scope in self.clinical)

    def missing(self, needed: "Scopes") -> tuple[str, ...]:
        """Return what is needed and not granted, as scopes, sorted."""
        lacking = [part for scope in needed.clinical for part in self._lacking(scope)]
        return tuple(sorted({*lacking, *(needed.others - self.others)}))

    def within(self, asked: "Scopes") -> "Scopes":
        """Return what lies both in these and in what was asked for: a server may give more, or say it in broader words."""
        shared = (scope.shared_with(wanted) for scope in self.clinical for wanted in asked.clinical)
        found = dict.fromkeys(scope for scope in shared if scope is not None)
        return Scopes(tuple(found), self.others & asked.others)

    def _lacking(self, scope: Scope) -> Iterable[str]:
        params = dict(scope.query)
        letters = [each for each in scope.permissions if not self._grants(scope, each, params)]
        if letters:
            yield str(Scope(scope.context, scope.resource_type, "".join(letters), scope.query))

    def _grants(self, scope: Scope, permission: str, params: Mapping[str, str]) -> bool:
        return any(
            each.context == scope.context and each.covers(scope.resource_type, permission, params)
            for each in self.clinical
        )

    def __str__(self) -> str:
        return " ".join([*sorted(self.others), *map(str, self.clinical)])


def _clinical(word: str) -> Scope | None:
    match = _CLINICAL.fullmatch(word)
    if match is None:
        return None
    letters = _V1.get(match[3]) or (match[3] if _V2.fullmatch(match[3]) else "")
    query = tuple(sorted(parse_qsl(match[4] or "", keep_blank_values=True)))
    return Scope(match[1], match[2], letters, query) if letters and (query or not match[4]) else None


def _narrows(asked: str | None, granted: str) -> bool:
    """Whether all that is asked for is among the granted values; a code without its system is taken for the same."""
    values = granted.split(",")
    codes = {*values, *(value.rpartition("|")[2] for value in values)}
    return bool(asked) and set(str(asked).split(",")) <= codes
