"""Problems of MedCalc-Bench: a note, what it tells as entities, and the number that should come out.

Source: Khandekar et al., MedCalc-Bench, NeurIPS 2024 Datasets and Benchmarks (arXiv:2406.12036). `audited_answer` is of
others who worked the problems again; "N/A" there means that the note does not tell enough.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clinical.evaluation.data.rows import Row, read_rows
from clinical.evaluation.errors import DataEmpty, DataInvalid

PROBLEMS = (
    "problems of MedCalc-Bench as JSON Lines: _id, calculator, note, entities, answer, lower, upper, "
    "audited_answer"
)
NOT_ANSWERABLE = "N/A"
DAY = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})")
WEEKS = re.compile(r"\D*(?P<weeks>\d+)\s*weeks?\D+(?P<days>\d+)\s*days?\D*")
# How far an audited number may lie off: as far as MedCalc-Bench lets a decimal.
TOLERANCE = 0.05

Answer = float | date


@dataclass(frozen=True, kw_only=True)
class Limits:
    """From where to where a result counts as right; a date, a score or a length in days has one value."""

    low: Answer
    high: Answer

    def hold(self, value: Answer | None) -> bool:
        """Whether a result lies in them; a result of another kind does not, nor does none."""
        if value is None or isinstance(value, date) != isinstance(self.low, date):
            return False
        return self.low <= value <= self.high  # type: ignore[operator] - both are dates, or both numbers


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One problem; weeks and days are days. `audited` is None where nobody worked it again, or found it unanswerable."""

    id: str
    calculator: str
    note: str
    entities: Mapping[str, object]
    answer: Answer
    limits: Limits
    audited: Answer | None
    audited_limits: Limits | None
    is_unanswerable: bool

    @property
    def is_agreed(self) -> bool:
        """Whether the audit found what the data set has."""
        return self.limits.hold(self.audited)


def read_problems(path: Path) -> tuple[Problem, ...]:
    """Return the problems. Raises: DataMissing, DataUnreadable, DataInvalid, DataEmpty."""
    problems = tuple(_problem(row) for row in read_rows(path, wanted=PROBLEMS))
    if not problems:
        raise DataEmpty(path, "it holds no problem")
    return problems


def _problem(row: Row) -> Problem:
    answer = _answer(row, "answer")
    audited = _audited(row)
    is_decimal = row.optional_text("output_type") == "decimal"
    return Problem(
        id=row.text("_id", "id"),
        calculator=row.text("calculator"),
        note=row.text("note"),
        entities=_entities(row),
        answer=answer,
        limits=_limits(row, answer),
        audited=audited,
        audited_limits=None if audited is None else _around(audited, is_decimal=is_decimal),
        is_unanswerable=row.optional_text("audited_answer") == NOT_ANSWERABLE,
    )


def _entities(row: Row) -> Mapping[str, object]:
    value = row.find("entities")
    if not isinstance(value, dict):
        raise DataInvalid(row.where, "entities is missing or no object")
    return value


def _audited(row: Row) -> Answer | None:
    is_told = row.optional_text("audited_answer") not in ("", NOT_ANSWERABLE)
    return _answer(row, "audited_answer") if is_told else None


def _limits(row: Row, answer: Answer) -> Limits:
    """Return the limits; those of a number below zero may stand in either order."""
    if isinstance(answer, date):
        return Limits(low=answer, high=answer)
    ends = (float(_number(row, "lower")), float(_number(row, "upper")))
    return Limits(low=min(ends), high=max(ends))


def _around(value: Answer, *, is_decimal: bool) -> Limits:
    if isinstance(value, date) or not is_decimal:
        return Limits(low=value, high=value)
    margin = abs(value) * TOLERANCE
    return Limits(low=value - margin, high=value + margin)


def _number(row: Row, field: str) -> float:
    value = _answer(row, field)
    if isinstance(value, date):
        raise DataInvalid(row.where, f"{field} is a date where the answer is a number")
    return value


def _answer(row: Row, field: str) -> Answer:
    value = row.find(field)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = row.text(field).strip()
    try:
        return _read(text)
    except ValueError:
        raise DataInvalid(row.where, f"{field} is no number, date or weeks and days") from None


def _read(text: str) -> Answer:
    """Return "09/23/2014" as a date, "('0 weeks', '6 days')" as days, and a number. Raises: ValueError."""
    if day := DAY.fullmatch(text):
        return date(int(day["year"]), int(day["month"]), int(day["day"]))
    if length := WEEKS.fullmatch(text):
        return float(7 * int(length["weeks"]) + int(length["days"]))
    return float(text)
