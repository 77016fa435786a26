"""Notes with a question, the entities that answer it, and the number that came out: MedCalc-Bench's rows.

Source: Khandekar et al., MedCalc-Bench, NeurIPS 2024 (arXiv:2406.12036); the audited answers are others' second look.
"""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from clinical.evaluation.data.rows import Row, read_rows
from clinical.evaluation.errors import DataEmpty, DataInvalid

CASES = (
    "rows as JSON Lines or CSV: calculator, question, note, entities, answer, lower, upper, audited_answer"
)
# What an auditor writes where a note does not tell enough.
NOT_APPLICABLE = frozenset({"n/a", "na", "not applicable"})
WEEKS_AND_DAYS = re.compile(r"(\d+)\s*weeks?\D+(\d+)\s*days?", re.I)
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?|-?\.\d+")
# MedCalc-Bench takes 5% either way for right, where the answer is no whole number and no date.
TOLERANCE = 0.05

Answer = float | date


@dataclass(frozen=True)
class Limits:
    """From where to where an answer is right, inclusive."""

    lower: Answer
    upper: Answer

    def hold(self, value: Answer) -> bool:
        """Whether the value is right, as it is or rounded to three places as the rows are."""
        if isinstance(value, date):
            return self.lower == value
        if isinstance(self.lower, date) or isinstance(self.upper, date):
            return False
        low, high = sorted((self.lower, self.upper))
        return low <= value <= high or low <= round(value, 3) <= high


@dataclass(frozen=True)
class Case:
    """One row. `audited` is None where nobody looked again, and where the auditors found no answer (`is_unanswerable`).

    `is_exact`: a whole number or a date, right only as it is.
    """

    id: str
    calculator: str
    question: str
    note: str
    entities: Mapping[str, object]
    answer: Answer
    limits: Limits
    audited: Answer | None
    is_unanswerable: bool
    is_exact: bool

    @property
    def is_agreed(self) -> bool:
        """Whether the auditors came to an answer that the original's limits hold."""
        return self.audited is not None and self.limits.hold(self.audited)

    @property
    def audited_limits(self) -> Limits | None:
        """The same limits around the audited answer."""
        return None if self.audited is None else _around(self.audited, is_exact=self.is_exact)


def read_cases(path: Path) -> tuple[Case, ...]:
    """Return the rows. Raises: DataMissing, DataUnreadable, DataInvalid, DataEmpty."""
    cases = tuple(_case(row) for row in read_rows(path, wanted=CASES))
    if not cases:
        raise DataEmpty(path, "it holds no row")
    return cases


def _case(row: Row) -> Case:
    kind = row.optional_text("output_type", "Output Type").strip().lower()
    answer = _answer(row, row.find("answer", "Ground Truth Answer"))
    is_exact = kind != "decimal"
    audited = row.find("audited_answer")
    is_unanswerable = isinstance(audited, str) and audited.strip().lower() in NOT_APPLICABLE
    has_audited = audited is not None and str(audited).strip() and not is_unanswerable
    return Case(
        id=row.optional_text("_id", "id", "Row Number") or row.where,
        calculator=row.text("calculator", "Calculator Name").strip(),
        question=row.optional_text("question", "Question"),
        note=row.optional_text("note", "Patient Note"),
        entities=_entities(row),
        answer=answer,
        limits=_limits(row, answer, is_exact=is_exact),
        audited=_answer(row, audited) if has_audited else None,
        is_unanswerable=is_unanswerable,
        is_exact=is_exact,
    )


def _entities(row: Row) -> Mapping[str, object]:
    """Return the entities, which may be JSON or, as in the original file, a Python literal in a text."""
    value = row.find("entities", "Relevant Entities")
    if isinstance(value, str):
        value = _literal(value)
    if not isinstance(value, dict):
        raise DataInvalid(row.where, "entities is missing or no object")
    return {str(name): each for name, each in value.items()}


def _literal(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _limits(row: Row, answer: Answer, *, is_exact: bool) -> Limits:
    lower, upper = row.find("lower", "Lower Limit"), row.find("upper", "Upper Limit")
    if lower is None or upper is None:
        return _around(answer, is_exact=is_exact)
    return Limits(_answer(row, lower), _answer(row, upper))


def _around(answer: Answer, *, is_exact: bool) -> Limits:
    if isinstance(answer, date) or is_exact:
        return Limits(answer, answer)
    return Limits(answer * (1 - TOLERANCE), answer * (1 + TOLERANCE))


def _answer(row: Row, value: object) -> Answer:
    """Return a number, a date, or days for weeks and days. Raises: DataInvalid."""
    found = read_answer(value)
    if found is None:
        raise DataInvalid(row.where, "an answer or a limit is neither a number, a date nor weeks and days")
    return found


def read_answer(value: object) -> Answer | None:
    """Return what an answer's text says; None where it says neither a number nor a date."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = str(value).strip()
    if period := WEEKS_AND_DAYS.search(text):
        return float(7 * int(period[1]) + int(period[2]))
    day = read_date(text)
    if day is not None:
        return day
    numbers = NUMBER.findall(text)
    return float(numbers[0].replace(",", "")) if len(numbers) == 1 else None


def read_date(text: str) -> date | None:
    """Return a date written as month/day/year or year-month-day; None where it is none."""
    for pattern in ("%m/%d/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
