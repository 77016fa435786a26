"""Folds that never let a claim, or an abstract that a claim is judged by, stand on both sides."""

import random
from collections.abc import Iterable, Mapping, Sequence


def grouped_folds(rows: Mapping[str, Iterable[str]], folds: int, *, seed: int) -> dict[str, int]:
    """Return the fold (0 to `folds` - 1) of each row; rows that share any of their documents share the fold.

    `rows` maps a row's id to the ids of its documents. Larger groups are placed first, each in the fold that
    holds the fewest rows so far, so that the folds come out nearly even.
    """
    groups = _connected(rows)
    random.Random(seed).shuffle(groups)  # noqa: S311  reproducible, nothing secret
    sizes = [0] * folds
    placed: dict[str, int] = {}
    for group in sorted(groups, key=len, reverse=True):
        fold = sizes.index(min(sizes))
        sizes[fold] += len(group)
        placed.update(dict.fromkeys(group, fold))
    return placed


def _connected(rows: Mapping[str, Iterable[str]]) -> list[list[str]]:
    leader: dict[str, str] = {}
    for row, documents in rows.items():
        for document in documents:
            _join(leader, f"row {row}", f"document {document}")
    members: dict[str, list[str]] = {}
    for row in rows:
        members.setdefault(_find(leader, f"row {row}"), []).append(row)
    return list(members.values())


def _join(leader: dict[str, str], one: str, other: str) -> None:
    leader[_find(leader, one)] = _find(leader, other)


def _find(leader: dict[str, str], name: str) -> str:
    while leader.setdefault(name, name) != name:
        name = leader[name]
    return name


def gate(scores: Sequence[float], truths: Sequence[bool], *, precision: float) -> float:
    """Return the lowest threshold whose acceptances, and those of every higher one past 20, keep `precision`.

    Falls back on the threshold of best precision (at least 20 accepted) where none keeps it.
    """
    ranked = sorted(zip(scores, truths, strict=True), reverse=True)
    right = 0
    reached = [(0.0, 1.0)]
    for count, (score, truth) in enumerate(ranked, start=1):
        right += truth
        if count >= min(20, len(ranked)):
            reached.append((right / count, score))
    kept = [score for share, score in reached if share >= precision]
    return min(kept) if kept else max(reached)[1]
