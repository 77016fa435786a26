"""Whether the safety rules speak where they must, and are silent where they must be."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from clinical.evaluation.data.vignettes import ON, Vignette
from clinical.evaluation.metrics.bootstrap import interval, mean_interval
from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.tracking import Track, untracked
from clinical.safety.checking import findings
from clinical.safety.domain import Kind, SafetyFinding
from clinical.safety.rules import rules

Found = tuple[SafetyFinding, ...]


def found_in(vignette: Vignette) -> Found:
    """Return what the rules find in a vignette, proposed or taken."""
    return findings(
        vignette.chart, scores=vignette.scores, proposed=vignette.proposed, on=ON, also_taken=True
    )


def evaluate_safety(
    vignettes: Sequence[Vignette],
    check: Callable[[Vignette], Found] = found_in,
    *,
    track: Track = untracked,
) -> Figures:
    """Return how many expected rules spoke, and how many spoke that nobody expected."""
    tally = _Tally()
    for vignette in track(vignettes, "Checking"):
        tally.add(vignette, check(vignette))
    return tally.figures()


class _Tally:
    """What was expected and found, vignette by vignette."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, int, int]] = []  # expected, found of these, false alerts
        self._by_kind: dict[str, Counter[str]] = {}
        self._misses: list[dict[str, str]] = []
        self._false: list[dict[str, str]] = []
        self._broken: list[dict[str, str]] = []

    def add(self, vignette: Vignette, found: Found) -> None:
        """Count one vignette."""
        told = {name for each in found for name in (each.rule.id, each.rule.kind.value)}
        missed = [name for name in vignette.expected if name not in told]
        false = [each for each in found if not _is_expected(each, vignette)]
        self._rows.append((len(vignette.expected), len(vignette.expected) - len(missed), len(false)))
        self._misses += [{"id": vignette.id, "expected": name} for name in missed]
        self._false += [{"id": vignette.id, "found": each.rule.id} for each in false]
        self._broken += [{"id": vignette.id, "found": name} for name in vignette.unexpected if name in told]
        for name in vignette.expected:
            self._count(_kind_of(name), "expected", "found" if name in told else "missed")
        for each in false:
            self._count(each.rule.kind.value, "false_alerts")

    def _count(self, kind: str, *names: str) -> None:
        self._by_kind.setdefault(kind, Counter()).update(names)

    def figures(self) -> Figures:
        """Return the figures; the intervals resample vignettes."""
        units = np.array(self._rows, dtype=np.float64).reshape(-1, 3)
        false = [float(row[2]) for row in self._rows]
        return {
            "sensitivity": _sensitivity(units.sum(axis=0)),
            "sensitivity_ci": interval(units, _sensitivity),
            "false_alerts_per_vignette": sum(false) / len(false) if false else None,
            "false_alerts_per_vignette_ci": mean_interval(false),
            "vignettes": len(self._rows),
            "near_misses": sum(not row[0] for row in self._rows),
            "expected": int(units[:, 0].sum()),
            "by_kind": {kind: dict(counts) for kind, counts in sorted(self._by_kind.items())},
            "misses": self._misses,
            "false_alerts": self._false,
            "unexpected_found": self._broken,
        }


def _sensitivity(sums: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float | None:
    return float(sums[1] / sums[0]) if sums[0] else None


def _is_expected(finding: SafetyFinding, vignette: Vignette) -> bool:
    return not {finding.rule.id, finding.rule.kind.value}.isdisjoint(vignette.expected)


def _kind_of(name: str) -> str:
    """Return the kind of a rule's id, or the kind itself; "unknown" for what is neither."""
    if name in set(Kind):
        return name
    return next((rule.kind.value for rule in rules() if rule.id == name), "unknown")
