"""The report: one HTML file with tables and drawn intervals that asks nothing of any server."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.multiple_choice.posing import Posed
from config.evaluate_command.plots import Plot, Point, dot_plot
from config.evaluate_command.reports import differences, measured_on, sides
from config.evaluate_command.suite import write_text
from config.evaluate_command.wording import NONE, number, percent, percents, verdict_lines

TEMPLATE = "evaluation/multiple_choice.html"
BASELINES = {
    "uniform": "any option at random",
    "majority_letter": "always the commonest letter",
    "majority_class": "always the commonest answer",
}
DISPUTES = {"only_a_right": "Only A was right", "only_b_right": "Only B was right"}


def write_report(file: Path, figures: Figures, shown: Sequence[Posed] = ()) -> None:
    """Write the report; the disputed ones among the `shown` questions are in it in full. Raises: OutputUnwritable."""
    write_text(file, report_html(figures, shown))


def report_html(figures: Figures, shown: Sequence[Posed] = ()) -> str:
    """Return the report as HTML."""
    compared = sides(figures)
    comparison = figures.get("comparison")
    return render_to_string(
        TEMPLATE,
        {
            "title": "Multiple choice",
            "names": [_name(letter, side) for letter, side in compared],
            "verdict": comparison["verdict"] if comparison else "",
            "verdict_lines": verdict_lines(comparison) if comparison else [],
            "rows": list(_rows([side for _, side in compared])),
            "plots": list(_plots(figures, compared)),
            "letters": [(_name(letter, side), side["letters"]) for letter, side in compared],
            "disputes": [(DISPUTES[key], comparison[key]) for key in DISPUTES] if comparison else [],
            "shown": _disputed(comparison, shown) if comparison else [],
            "conditions": _conditions(figures),
        },
    )


def _conditions(figures: Figures) -> list[tuple[str, object]]:
    return [
        *measured_on(figures),
        ("Seed of the options' order", figures["seed"]),
        ("Questions waiting together", figures["together"]),
        ("Temperature", 0),
    ]


def _name(letter: str, side: Mapping[str, Any]) -> str:
    return f"{letter}: {side['model']}, {side['template']}"


def _rows(sides: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Yield the rows of the table: what, and each side's."""
    says: dict[str, Callable[[Mapping[str, Any]], str]] = {
        "Model": lambda side: side["model"],
        "File or server": lambda side: side["model_file"],
        "SHA-256 of the weights": lambda side: side["model_sha256"] or NONE,
        "Prompt template": lambda side: f"{side['template']}, version {side['template_version']}",
        "Right": lambda side: percent(side["accuracy"]),
        "95% interval": lambda side: percents(side["accuracy_ci"]),
        "Right, of those answered": lambda side: percent(side["accuracy_of_answered"]),
        "Unanswered (count as wrong)": _unanswered,
        "Wait for an answer, median": lambda side: f"{number(side['p50_ms'])} ms",
        "Wait for an answer, 95th percentile": lambda side: f"{number(side['p95_ms'])} ms",
        "Tokens read": lambda side: number(side["tokens_in"]),
        "Tokens written": lambda side: number(side["tokens_out"]),
        "Tokens a second, read and written": lambda side: number(side["tokens_per_second"]),
        "Cost at the price named": lambda side: number(side["cost"], digits=4),
    }
    for name, say in says.items():
        yield name, [say(side) for side in sides]


def _unanswered(side: Mapping[str, Any]) -> str:
    reasons = ", ".join(f"{reason} {count}" for reason, count in side["unanswered_by_reason"].items())
    return f"{side['unanswered']}{f' ({reasons})' if reasons else ''}"


def _plots(figures: Figures, sides: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[Plot]:
    points = [Point(_name(letter, side), side["accuracy"], side["accuracy_ci"]) for letter, side in sides]
    baselines = [(BASELINES[key], value) for key, value in figures["baselines"].items() if value is not None]
    about = "Each dot is the share of questions answered right, its bar the 95% interval; lines are what guessing gives."
    yield dot_plot("accuracy", "Answered right", about, points, lines=baselines)
    groups = [
        Point(f"{letter}: {name}", group["accuracy"], group["accuracy_ci"])
        for name in figures["by_class"]
        for letter, side in sides
        if (group := side["by_class"].get(name))
    ]
    if groups:
        about = "The share answered right within each class of questions, with its 95% interval."
        yield dot_plot("classes", "Answered right, by class", about, groups)
    if comparison := figures.get("comparison"):
        yield differences(comparison, of="Accuracy")


def _disputed(comparison: Mapping[str, Any], shown: Sequence[Posed]) -> list[Posed]:
    ids = {each for key in DISPUTES for each in comparison[key]}
    return [question for question in shown if question.choice.id in ids]
