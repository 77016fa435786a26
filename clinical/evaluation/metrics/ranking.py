"""How good a ranking is, given what was judged relevant.

Source: Jarvelin and Kekalainen, ACM TOIS 2002;20:422 (discounted cumulated gain), with the gain and discount of
trec_eval and BEIR: gain = grade, discount = log2(rank + 1), ideal over everything that was judged.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from math import log2


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Return the normalised discounted cumulated gain of the first `k`, from 0 to 1; 0 where nothing is relevant."""
    ideal = _gain(sorted(grades.values(), reverse=True)[:k])
    return _gain([grades.get(each, 0) for each in _first(ranking, k)]) / ideal if ideal else 0.0


def recall(ranking: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Return which share of the relevant is among the first `k`; 0 where nothing is relevant."""
    relevant = {document for document, grade in grades.items() if grade > 0}
    return len(relevant.intersection(_first(ranking, k))) / len(relevant) if relevant else 0.0


def _first(ranking: Sequence[str], k: int) -> list[str]:
    """Return the first `k`; a document that is found twice counts once."""
    return list(islice(dict.fromkeys(ranking), k))


def _gain(grades: Sequence[int]) -> float:
    return sum(max(grade, 0) / log2(rank + 1) for rank, grade in enumerate(grades, start=1))
