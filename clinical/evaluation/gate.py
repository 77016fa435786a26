"""The gate of a release: no figure may fall below the last release's by more than its tolerance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Figures by the label of their measurement: its suite, or the name that a person gives it.
Measured = Mapping[str, Mapping[str, Any]]
# 0.8 less 0.1 must let 0.7 pass.
DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class Floor:
    """What a figure was, and how far it may move the wrong way. `figure` is its key, `a.b` within a group."""

    label: str
    figure: str
    value: float
    tolerance: float
    lower_is_better: bool = False

    @property
    def name(self) -> str:
        """How it is told."""
        return f"{self.label}: {self.figure}"

    @property
    def limit(self) -> float:
        """The worst value that passes."""
        worst = self.value + self.tolerance if self.lower_is_better else self.value - self.tolerance
        return round(worst, DIGITS)

    def holds(self, value: float) -> bool:
        """Whether the value passes."""
        return value <= self.limit if self.lower_is_better else value >= self.limit


@dataclass(frozen=True)
class Standing:
    """A floor and what was measured; `value` is None where the measurement has no such figure."""

    floor: Floor
    value: float | None

    @property
    def passes(self) -> bool:
        """Whether the figure holds. One that is gone does not."""
        return self.value is not None and self.floor.holds(self.value)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the gate found: figures that hold, that fell, and floors whose measurement was not given."""

    held: list[Standing]
    fallen: list[Standing]
    not_measured: list[Floor]


def judge(floors: list[Floor], measured: Measured) -> Outcome:
    """Return how the figures stand to the baseline."""
    standings = [
        Standing(floor, figure_in(measured[floor.label], floor.figure))
        for floor in floors
        if floor.label in measured
    ]
    return Outcome(
        held=[each for each in standings if each.passes],
        fallen=[each for each in standings if not each.passes],
        not_measured=[floor for floor in floors if floor.label not in measured],
    )


def figure_in(figures: Mapping[str, Any], path: str) -> float | None:
    """Return the number under `a` or `a.b`; None where there is none."""
    value: Any = figures
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
