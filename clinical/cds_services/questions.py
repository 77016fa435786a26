"""Questions that a chart raises, by id: a card's link carries the id, and the page asks the words that belong to it."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from clinical.calculators.charts.autofill import Computed
from clinical.safety.domain import Kind, Rule
from clinical.safety.medicines import taken
from clinical.safety.rules import rules
from ehr_integration.chart.domain import Category, Chart

TABLE = Path(__file__).with_name("questions.toml")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question, and when a chart raises it."""

    id: str
    version: str
    score: str
    at_least: float
    question: str
    title: str
    without_class: str = ""
    with_class: str = ""
    needs_words: str = ""


@cache
def questions() -> dict[str, Question]:
    """Return all questions by id."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return {name: Question(id=name, **entry) for name, entry in table.items()}


def raised(chart: Chart, scores: Sequence[Computed]) -> list[tuple[Question, Computed]]:
    """Return the questions that the chart raises, each with the score that does."""
    classes = {each for medicine in taken(chart) for each in medicine.ingredient.classes}
    values = {score.name: score for score in scores if score.value is not None}
    return [
        (question, values[question.score])
        for question in questions().values()
        if question.score in values
        and (values[question.score].value or 0) >= question.at_least
        and (not question.without_class or question.without_class not in classes)
        and (not question.with_class or question.with_class in classes)
        and (not question.needs_words or _names(chart, question.needs_words))
    ]


def _names(chart: Chart, words: str) -> bool:
    return any(
        fact.category is Category.CONDITIONS
        and words in fact.name.lower()
        and fact.status in ("active", None)
        for fact in chart.facts
    )


def app_context(question_id: str) -> str:
    """Return what a card's link hands on to the page: an id of our own data, and nothing about the patient."""
    return json.dumps({"question": question_id})


def question_of(context: str) -> str | None:
    """Return the words of the question that a link names; None for anything that is not an id of ours."""
    try:
        named = json.loads(context).get("question")
    except (ValueError, AttributeError):
        return None
    if named in questions():
        return questions()[named].question
    return next((_about(rule) for rule in rules() if rule.id == named), None)


ABOUT = {
    Kind.DUPLICATE: "When is more than one {second} given at the same time?",
    Kind.KIDNEY: "Is {second} safe with reduced kidney function, and what are the alternatives?",
    Kind.LIVER: "Is {second} safe in liver disease, and what are the alternatives?",
    Kind.CONDITION: "Is {second} safe in {condition}, and what are the alternatives?",
    Kind.PREGNANCY: "Is {second} safe in pregnancy, and what are the alternatives?",
    Kind.LACTATION: "Is {second} safe while breastfeeding, and what are the alternatives?",
    Kind.POTASSIUM: "What is the risk of {second} when potassium is not normal, and what are the alternatives?",
    Kind.QT: "Which risk of torsades de pointes has {first}, and what are the alternatives?",
    Kind.AGE: "Is {second} safe at this age, and what are the alternatives?",
    Kind.ALLERGY: "What are the alternatives in drug allergy, and when is an allergy confirmed by testing?",
}
TOGETHER = "What is the risk of {first} together with {second}, and what are the alternatives?"


def _about(rule: Rule) -> str:
    is_of_two = rule.kind in (Kind.INTERACTION, Kind.QT) and len(rule.drugs) > 1
    words = TOGETHER if is_of_two else ABOUT[rule.kind]
    return words.format(
        first=rule.first,
        second=rule.second,
        condition=" or ".join(rule.condition).replace("-", " "),
    )
