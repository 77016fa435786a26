"""Clinicians' questions, each with the specialties that are right for it, and what of a chart matters to that."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clinical.evaluation.data.rows import Row, read_rows
from clinical.evaluation.errors import DataEmpty, DataInvalid
from ehr_integration.chart.domain import Category, Chart, Fact, Patient

QUESTIONS = "questions as JSON Lines: question, labels, and if need be half and chart"
WHOLE = "all"


@dataclass(frozen=True, kw_only=True)
class RoutedQuestion:
    """A question with the labels that are right, the first of them the likeliest, and the half that it belongs to."""

    text: str
    labels: tuple[str, ...]
    half: str
    chart: Chart | None


def read_routed(path: Path, *, known: Collection[str], on: date) -> tuple[RoutedQuestion, ...]:
    """Return the questions; their charts are as of the day. Labels must be known names.

    Raises: DataMissing, DataUnreadable, DataInvalid, DataEmpty.
    """
    questions = tuple(_question(row, known, on) for row in read_rows(path, wanted=QUESTIONS))
    if not questions:
        raise DataEmpty(path, "it holds no question")
    return questions


def _question(row: Row, known: Collection[str], on: date) -> RoutedQuestion:
    labels = row.texts("labels")
    if not labels or not set(labels) <= set(known):
        raise DataInvalid(row.where, f"its labels must be of {', '.join(known)}")
    return RoutedQuestion(
        text=row.text("question"),
        labels=labels,
        half=row.optional_text("half") or WHOLE,
        chart=_chart(row, on),
    )


def _chart(row: Row, on: date) -> Chart | None:
    given = row.find("chart")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise DataInvalid(row.where, "its chart is no object")
    own = Row(f"{row.where}, chart", given)
    facts = [
        *_facts(own, "conditions", Category.CONDITIONS, "Condition"),
        *_facts(own, "medicines", Category.MEDICATIONS, "MedicationRequest"),
    ]
    if own.find("is_pregnant") is True:
        facts.append(_fact(Category.PREGNANCY, "Pregnancy", "Condition"))
    return Chart(
        patient=Patient(id="row", name="", sex="unknown", birth_date=_born(own, on)), facts=tuple(facts)
    )


def _born(row: Row, on: date) -> date | None:
    age = row.optional_text("age_years")
    if not age:
        return None
    if not age.isdecimal() or int(age) > 130:
        raise DataInvalid(row.where, "age_years is no whole number up to 130")
    return date(on.year - int(age), 1, 1)


def _facts(row: Row, key: str, category: Category, kind: str) -> list[Fact]:
    names = row.texts(key) if row.find(key) is not None else ()
    return [_fact(category, name, kind) for name in names]


def _fact(category: Category, name: str, kind: str) -> Fact:
    return Fact(category=category, text=name, name=name, reference=f"{kind}/row", on=None, status="active")
