"""Why a score is not computed.

CalculatorError
├── CalculatorNotFound   there is no calculator of that name
├── InputMissing         inputs that the formula needs were not given; `names` says which
├── InputUnusable        an input that the calculator does not have, of the wrong kind, or in a unit that cannot be converted
├── InputOutOfRange      an input beyond what the formula was made for; `name` says which
└── NotApplicable        the formula was not made for a patient like this
"""

from collections.abc import Sequence

from clinical.errors import ClinicalError


class CalculatorError(ClinicalError):
    """A score cannot be computed."""


class CalculatorNotFound(CalculatorError):
    """There is no calculator of that name."""


class InputMissing(CalculatorError):
    """Inputs that the formula needs were not given: `names` are their keys, the message has their labels, too."""

    def __init__(self, names: Sequence[str], labels: Sequence[str]) -> None:
        told = ", ".join(f"{name} ({label})" for name, label in zip(names, labels, strict=True))
        super().__init__(f"Missing: {told}")
        self.names = tuple(names)


class InputUnusable(CalculatorError):
    """An input that the calculator does not have, is of the wrong kind, or has a unit that cannot be converted."""


class InputOutOfRange(CalculatorError):
    """An input lies beyond what the formula was made for."""

    def __init__(self, name: str, low: float, high: float) -> None:
        super().__init__(f"{name} must be from {low:g} to {high:g}")
        self.name = name


class NotApplicable(CalculatorError):
    """The formula was not made for a patient like this; the message says why."""
