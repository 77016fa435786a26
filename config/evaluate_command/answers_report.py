"""The report of whole answers: one HTML file, two models side by side where two were asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from clinical.evaluation.suites.figures import Figures
from config.evaluate_command.plots import Plot, Point, dot_plot
from config.evaluate_command.reports import Side, differences, measured_on, sides
from config.evaluate_command.suite import write_text
from config.evaluate_command.wording import NONE, number, percent, percents, points, saved

TEMPLATE = "evaluation/answers.html"
SHARES = {
    "drafts_kept": "Drafts that held",
    "support_rate": "Supported on a second look",
    "quotes_verbatim": "Quotes to the letter",
    "citation_precision": "Citations of works that stand",
    "answered_of_answerable": "Answered, of the answerable",
    "found_what_should_be_cited": "Cites what it should",
    "abstained_of_unanswerable": "Abstained, of the unanswerable",
    "traps_avoided": "Traps avoided",
    "unsupported_shown": "Unsupported to readers",
}


def write_report(file: Path, figures: Figures) -> None:
    """Write the report. Raises: OutputUnwritable."""
    write_text(file, report_html(figures))


def report_html(figures: Figures) -> str:
    """Return the report as HTML."""
    compared = sides(figures)
    comparison = figures.get("comparison")
    return render_to_string(
        TEMPLATE,
        {
            "title": "Whole answers",
            "names": [_name(letter, side) for letter, side in compared],
            "verdict": comparison["verdict"] if comparison else "",
            "verdict_lines": _verdict_lines(comparison) if comparison else [],
            "rows": list(_rows([side for _, side in compared])),
            "plots": list(_plots(figures, compared)),
            "faults": list(_faults(compared)),
            "conditions": [
                *measured_on(figures),
                ("Mode", figures["mode"]),
            ],
        },
    )


def _name(letter: str, side: Side) -> str:
    return f"{letter}: {side['model_id']}{'' if side['guided'] else ', without the words of specialties'}"


def _verdict_lines(comparison: Mapping[str, Any]) -> list[str]:
    if comparison["difference"] is None:
        return ["One of them wrote no draft: there is nothing to compare."]
    return [
        f"The share of A's drafts that their passage supported is {points(comparison['difference'])} "
        f"(95% interval of the difference {percents(comparison['difference_ci'])}).",
        saved(comparison),
        "Drafts that did not hold were shown by neither: the sources' own words stood in their place.",
    ]


def _rows(sides: Sequence[Side]) -> Iterator[tuple[str, list[str]]]:
    """Yield the rows of the table: what, and each side's."""
    says: dict[str, Callable[[Side], str]] = {
        "Model": lambda side: side["model_id"],
        "Fingerprint of what worded the answers": lambda side: side["model"] or NONE,
        "Statements with a quote": lambda side: number(side["claims"]),
        **{name: _says_share(key) for key, name in SHARES.items() if any(key in side for side in sides)},
        "Drafts dropped as unsupported": lambda side: number(side["dropped_claims"]),
        "Answers in which the model failed": lambda side: number(side["model_failures"]),
        "First event, 95th percentile": lambda side: f"{number(side['first_event_p95_ms'])} ms",
        "Whole answer, median": lambda side: f"{number(side['whole_p50_ms'])} ms",
        "Whole answer, 95th percentile": lambda side: f"{number(side['whole_p95_ms'])} ms",
        "Tokens read": lambda side: number(side["tokens_in"]),
        "Tokens written": lambda side: number(side["tokens_out"]),
        "Tokens an answer": lambda side: number(side["tokens_per_answer"]),
        "Seconds in which the model worked": lambda side: number(side["busy_seconds"]),
        "Cost at the price named": lambda side: number(side["cost"], digits=4),
    }
    for name, say in says.items():
        yield name, [say(side) for side in sides]


def _says_share(key: str) -> Callable[[Side], str]:
    def say(side: Side) -> str:
        interval = side.get(f"{key}_ci")
        return percent(side.get(key)) + (f" ({percents(interval)})" if interval else "")

    return say


def _plots(figures: Figures, sides: Sequence[tuple[str, Side]]) -> Iterator[Plot]:
    shares = [
        Point(f"{letter}: {name}", side[key], side.get(f"{key}_ci"))
        for key, name in SHARES.items()
        for letter, side in sides
        if side.get(key) is not None
    ]
    about = "Each dot is a share, its bar the 95% interval."
    yield dot_plot("shares", "Shares", about, shares)
    if comparison := figures.get("comparison"):
        yield differences(comparison, of="Drafts that held")


def _faults(sides: Sequence[tuple[str, Side]]) -> Iterator[tuple[str, list[str]]]:
    """Yield what should not have been, by question."""
    for letter, side in sides:
        yield f"{letter}: answered though unanswerable", side["answered_though_unanswerable"]
        yield f"{letter}: not answered though answerable", side["not_answered_though_answerable"]
        yield f"{letter}: traps taken", side["traps_taken"]
