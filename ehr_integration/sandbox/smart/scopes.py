"""What a token may do, read on this side of the wire on its own: the demo EHR shares no code with what it tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

V1 = {"read": "rs", "write": "cud", "*": "cruds"}
CLINICAL = re.compile(
    r"(?P<context>patient|user|system)/(?P<type>\*|[A-Z]\w+)\.(?P<letters>read|write|\*|c?r?u?d?s?)(?:\?(?P<query>.+))?"
)


@dataclass(frozen=True)
class Granted:
    """One clinical scope."""

    context: str
    type: str
    letters: str
    query: tuple[tuple[str, str], ...]


def clinical(scope: str) -> Iterator[Granted]:
    """Yield the clinical scopes of a space-separated text."""
    for word in scope.split():
        if match := CLINICAL.fullmatch(word):
            letters = V1.get(match["letters"], match["letters"])
            yield Granted(match["context"], match["type"], letters, tuple(parse_qsl(match["query"] or "")))


def granted(asked: str, allowed: str) -> str:
    """Return what of the asked scopes a client may have, in the words in which it asked."""
    others = {word for word in allowed.split() if not CLINICAL.fullmatch(word)}
    may = list(clinical(allowed))
    return " ".join(word for word in asked.split() if word in others or _is_within(word, may))


def _is_within(word: str, may: list[Granted]) -> bool:
    for one in clinical(word):
        return all(_covers(one, letter, may) for letter in one.letters) and bool(one.letters)
    return False


def _covers(one: Granted, letter: str, may: list[Granted]) -> bool:
    return any(
        each.context == one.context
        and each.type in ("*", one.type)
        and letter in each.letters
        and set(each.query) <= set(one.query)
        for each in may
    )


def rules_for(scope: str, resource_type: str, letter: str) -> list[Granted]:
    """Return the scopes that let a token do this; each with the query that a resource must match."""
    return [each for each in clinical(scope) if each.type in ("*", resource_type) and letter in each.letters]
