"""Why a score is not computed.

CalculatorError
└── InputOutOfRange   an input beyond what the formula was made for; `name` says which
"""

from clinical.errors import ClinicalError


class CalculatorError(ClinicalError):
    """A score cannot be computed."""


class InputOutOfRange(CalculatorError):
    """An input lies beyond what the formula was made for."""

    def __init__(self, name: str, low: float, high: float) -> None:
        super().__init__(f"{name} must be from {low:g} to {high:g}")
        self.name = name


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Return where the value lies within the range. Raises: InputOutOfRange."""
    if not low <= value <= high:
        raise InputOutOfRange(name, low, high)
