"""What a calculator is made of: what it asks for, what its number means, and where both are from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Generic, ParamSpec, TypeVar

from clinical.calculators.errors import InputOutOfRange

P = ParamSpec("P")
Number = TypeVar("Number", int, float, date)
Value = bool | int | float | date | StrEnum


class Sex(StrEnum):
    """The sex that a formula was made for."""

    FEMALE = "female"
    MALE = "male"


class Known(StrEnum):
    """What is known of a patient without a measurement."""

    AGE = "age"
    SEX = "sex"
    TODAY = "today"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One thing that a formula asks for, in the words of a form; it annotates the formula's parameter.

    `unit` is UCUM; `low` and `high` are the formula's range, inclusive. How a chart tells it: `loinc` are codes of
    measurements, not older than `valid_for`; `condition` is a table of conditions.toml; `known` needs neither.
    """

    label: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    loinc: tuple[str, ...] = ()
    valid_for: timedelta | None = None
    condition: str = ""
    known: Known | None = None

    def allows(self, value: float) -> bool:
        """Whether the value lies in the formula's range; NaN never does."""
        low, high = self._range()
        return low <= value <= high

    def check(self, name: str, value: object) -> None:
        """Return where the value lies in the range. Raises: InputOutOfRange."""
        if isinstance(value, int | float) and not isinstance(value, bool) and not self.allows(value):
            raise InputOutOfRange(name, *self._range())

    def _range(self) -> tuple[float, float]:
        low = self.low if self.low is not None else float("-inf")
        return low, self.high if self.high is not None else float("inf")


@dataclass(frozen=True, kw_only=True)
class Input:
    """A parameter of a formula: `kind` is bool, int, float, date or a StrEnum; what is not required may be left out."""

    name: str
    asked: Asked
    kind: type
    is_required: bool

    @property
    def choices(self) -> tuple[str, ...]:
        """The words to choose from; none where a number, a date, or yes or no is asked for."""
        return tuple(each.value for each in self.kind) if issubclass(self.kind, StrEnum) else ()


@dataclass(frozen=True, kw_only=True)
class Source:
    """The primary publication of a formula or a table."""

    text: str
    doi: str = ""
    pmid: str = ""
    url: str = ""

    @property
    def address(self) -> str:
        """Where to read it."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/" if self.pmid else self.url


@dataclass(frozen=True)
class Band:
    """What a value means from `at_least` up to the next band."""

    at_least: float
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came out: the number, how it is written, and what it means (empty where the source gives no bands)."""

    value: int | float | date
    text: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Calculator(Generic[P, Number]):
    """A formula with all that a reader must know to trust its number.

    `unit` is UCUM; `decimals` are shown; `out_of` is a score's highest value. `bears_on` and `not_with` are conditions of
    conditions.toml: with one of the former a chart is worth the score, with one of the latter the score would mislead.
    `note` is what its authors would want to be said.
    """

    name: str
    title: str
    formula: Callable[P, Number]
    inputs: Mapping[str, Input]
    sources: tuple[Source, ...]
    unit: str = ""
    decimals: int = 0
    out_of: int | None = None
    bands: tuple[Band, ...] = ()
    is_for_everyone: bool = False
    bears_on: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()
    shown: Callable[[Number], str] | None = None
    note: str = ""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Number:
        """Return the formula's number. Raises: InputOutOfRange, NotApplicable."""
        for name, value in kwargs.items():
            self.inputs[name].asked.check(name, value)
        return self.formula(*args, **kwargs)

    @property
    def topic(self) -> str:
        """What the formula is about: the name of its file."""
        return self.formula.__module__.rpartition(".")[2].replace("_", " ")

    def meaning(self, value: int | float | date) -> str:
        """Return what a value means; empty where the source gives no bands."""
        if isinstance(value, date):
            return ""
        return next((band.meaning for band in reversed(self.bands) if value >= band.at_least), "")
