"""Examples of trial results: what each quote reports, both ways round, and what does not report it."""

import random
from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks.checker.altering import direction_words, turned
from benchmarks.checker.reading import (
    CONTRADICTED,
    DECREASED,
    INCREASED,
    NO_DIFFERENCE,
    NOT_ENOUGH,
    NOT_REPORTED,
    SUPPORTED,
    Example,
    cut,
    stems,
)
from clinical.evidence.checking.pairs import claim_pair, trial_pair

_OPPOSITE = {INCREASED: DECREASED, DECREASED: INCREASED, NO_DIFFERENCE: NO_DIFFERENCE}
_WITHIN = ("baseline", "before", "pre-", "week 0", "initial")
_SAID = {
    INCREASED: (
        "{i} significantly increased {o} compared with {c}",
        "{o} was higher with {i} than with {c}",
        "{i} increases {o}",
        "{i} is associated with higher {o} than {c}",
        "{i} leads to an increase of {o}",
    ),
    DECREASED: (
        "{i} significantly decreased {o} compared with {c}",
        "{o} was lower with {i} than with {c}",
        "{i} reduces {o}",
        "{i} is associated with lower {o} than {c}",
        "{i} leads to a reduction of {o}",
    ),
    NO_DIFFERENCE: (
        "{o} did not differ between {i} and {c}",
        "{i} had no effect on {o} compared with {c}",
        "{i} does not change {o}",
        "{o} is not affected by {i}",
        "{i} is not associated with {o}",
    ),
}
# Denials: what they are contradicted by, and what they are supported by.
_DENIED = (
    ("{i} does not increase {o}", INCREASED, NO_DIFFERENCE),
    ("{i} does not reduce {o}", DECREASED, NO_DIFFERENCE),
    ("{i} affects {o}", NO_DIFFERENCE, INCREASED),
    ("{o} differs between {i} and {c}", NO_DIFFERENCE, DECREASED),
)


def direction_of(label: str) -> int:
    """Return the number of a row's label; the data set spells one of them two ways."""
    words = label.lower()
    return INCREASED if "increase" in words else DECREASED if "decrease" in words else NO_DIFFERENCE


def asked_of(row: dict[str, Any]) -> str:
    """Return what a row asks, as the checker reads it."""
    return trial_pair(
        intervention=row["intervention"], comparator=row["comparator"], outcome=row["outcome"], text=""
    ).first


def quotes_of(row: dict[str, Any]) -> list[str]:
    """Return the row's quotes, each once; what merely repeats the start of another is left out."""
    kept: list[str] = []
    for quote in sorted((" ".join(q.split()) for q in row["evidence"]), key=len, reverse=True):
        if not any(quote.rstrip(".,;( ") in other for other in kept):
            kept.append(quote)
    return kept


def direction_examples(rows: list[dict[str, Any]], choose: random.Random) -> Iterator[Example]:
    """Yield the direction task's examples of the rows."""
    for row in rows:
        label = direction_of(row["label"])
        for quote in quotes_of(row):
            yield _direction(row, quote, label)
            yield from _other_way(row, quote, label, choose)
        for text in _restated(row):
            yield _direction(row, text, label)
    yield from _unreported(rows, choose)


def _direction(row: dict[str, Any], text: str, label: int, weight: float = 1.0) -> Example:
    asked = {name: row[name] for name in ("intervention", "comparator", "outcome")}
    return Example("direction", trial_pair(**asked, text=text), label, weight)


def _other_way(row: dict[str, Any], quote: str, label: int, choose: random.Random) -> Iterator[Example]:
    """Yield the quote with the arms exchanged, and with its one direction word turned."""
    if not row["comparator"].lower().startswith(_WITHIN):
        exchanged = row | {"intervention": row["comparator"], "comparator": row["intervention"]}
        yield _direction(exchanged, quote, _OPPOSITE[label], 0.7)
    if label != NO_DIFFERENCE and direction_words(quote) == 1:
        other = turned(quote, choose)
        if other:
            yield _direction(row, other, _OPPOSITE[label], 0.7)


def _covered(wanted: str, text: str) -> float:
    words = stems(wanted)
    return len(words & stems(text)) / len(words) if words else 0.0


def _restated(row: dict[str, Any]) -> Iterator[str]:
    """Yield the abstract's sentences that name the outcome and say what a quote says."""
    for sentence in cut(row["abstract"]):
        said = max((_covered(sentence.text, quote) for quote in quotes_of(row)), default=0.0)
        if said >= 0.5 and _covered(row["outcome"], sentence.text) >= 0.6:
            yield sentence.text


def _unreported(rows: list[dict[str, Any]], choose: random.Random) -> Iterator[Example]:
    """Yield sentences of the same article that do not name the outcome: quotes of other rows, and the abstract's."""
    for article in _articles(rows):
        quotes = [quote for row in article for quote in quotes_of(row)]
        for row in article:
            own = set(quotes_of(row))
            strange = [q for q in quotes if q not in own and _covered(row["outcome"], q) <= 0.25]
            silent = [s.text for s in cut(row["abstract"]) if _covered(row["outcome"], s.text) <= 0.25]
            picked = choose.sample(strange, min(1, len(strange))) + choose.sample(silent, min(2, len(silent)))
            yield from (_direction(row, text, NOT_REPORTED) for text in picked)


def _articles(rows: list[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    articles: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        articles.setdefault(row["pmcid"], []).append(row)
    return articles.values()


def claims_of_trials(rows: list[dict[str, Any]], choose: random.Random) -> Iterator[Example]:
    """Yield the rows as claims of the verdict task: what was found, its opposites, and another outcome's quote."""
    for article in _articles(rows):
        quotes = [(row["outcome"], quote) for row in article for quote in quotes_of(row)]
        for row in article:
            label = direction_of(row["label"])
            quote = choose.choice(quotes_of(row))
            false = choose.choice([other for other in _SAID if other != label])
            yield _claim(row, choose.choice(_SAID[label]), quote, SUPPORTED, choose)
            yield _claim(row, choose.choice(_SAID[false]), quote, CONTRADICTED, choose)
            yield from _denial(row, label, quote, choose)
            others = [q for o, q in quotes if o != row["outcome"] and _covered(row["outcome"], q) <= 0.25]
            if others:
                said = choose.choice(_SAID[choose.choice(list(_SAID))])
                yield _claim(row, said, choose.choice(others), NOT_ENOUGH, choose)


def _denial(row: dict[str, Any], label: int, quote: str, choose: random.Random) -> Iterator[Example]:
    said, contradicted_by, supported_by = choose.choice(_DENIED)
    if label in (contradicted_by, supported_by):
        yield _claim(row, said, quote, CONTRADICTED if label == contradicted_by else SUPPORTED, choose)


def _claim(row: dict[str, Any], said: str, quote: str, label: int, choose: random.Random) -> Example:
    words = said.format(i=row["intervention"], o=row["outcome"], c=row["comparator"])
    title = row["title"] if choose.random() < 0.6 else ""
    return Example("verdict", claim_pair(words[:1].upper() + words[1:], quote, title=title), label)
