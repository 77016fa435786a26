"""`manage.py evaluate multiple-choice`."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from clinical.evaluation.data.choices import read_choices
from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.multiple_choice.comparison import compare
from clinical.evaluation.suites.multiple_choice.posing import SEED, Posed, pose
from clinical.evaluation.suites.multiple_choice.scoring import baseline_figures
from clinical.evaluation.suites.multiple_choice.templates import DEFAULT, find_template
from config.evaluate_command.models import check_model
from config.evaluate_command.multiple_choice.report import write_report
from config.evaluate_command.multiple_choice.running import Ran, Side, run_side
from config.evaluate_command.prices import add_prices, price_of
from config.evaluate_command.suite import Suite, check_writable, described
from config.subcommand import Output
from config.values import positive

TOGETHER = 8


class MultipleChoice(Suite):
    """Measures what a model knows by itself, and whether another knows more."""

    name = "multiple-choice"
    help = "Ask a model multiple-choice questions (MedQA, PubMedQA), and another the same ones."
    data_help = "published questions as JSON Lines, plain or gzip; nothing about a patient of yours"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--model", required=True, metavar="ID", help="a registered model, or the server's"
        )
        second = parser.add_mutually_exclusive_group()
        second.add_argument("--against", metavar="ID", help="another model, on the same questions")
        second.add_argument(
            "--templates", type=_two, metavar="A,B", help="the same model with two templates, A against B"
        )
        parser.add_argument(
            "--template", default=DEFAULT, metavar="NAME", help="plain, clinical, or a Markdown file (plain)"
        )
        parser.add_argument("--limit", type=positive, metavar="N", help="only the first N questions")
        parser.add_argument("--seed", type=int, default=SEED, help=f"of the options' order ({SEED})")
        parser.add_argument(
            "--together",
            type=positive,
            default=TOGETHER,
            metavar="N",
            help=f"how many wait at a time ({TOGETHER})",
        )
        add_prices(parser)
        parser.add_argument("--html", type=Path, metavar="FILE", help="write a report for a browser, too")
        parser.add_argument(
            "--show-questions", action="store_true", help="put the disputed questions into the report in full"
        )

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures."""
        sides = _sides(options)
        _check(sides, options)
        choices = read_choices(options["data"])[: options["limit"]]
        questions = [pose(choice, seed=options["seed"]) for choice in choices]
        runs = [run_side(side, questions, together=options["together"]) for side in sides]
        for run in runs:
            _note_unanswered(run, output)
        figures = {**_described(options), **_figures(questions, runs)}
        if options["html"]:
            write_report(options["html"], figures, questions if options["show_questions"] else ())
        return figures


def _check(sides: Sequence[Side], options: Mapping[str, Any]) -> None:
    """Raise what would be raised later, before an engine is started. Raises: OutputUnwritable, ModelNotRegistered."""
    if options["html"]:
        check_writable(options["html"])
    for side in sides:
        check_model(side.model_id)


def _described(options: Mapping[str, Any]) -> Figures:
    """Return what was asked, when and how, so that it can be asked again."""
    return {
        **described(options["data"]),
        "seed": options["seed"],
        "together": options["together"],
    }


def _figures(questions: Sequence[Posed], runs: Sequence[Ran]) -> Figures:
    """Return the first run's figures, and beside them the second's and the comparison where there is one."""
    first, *others = runs
    figures = {**first.figures, "baselines": baseline_figures(questions)}
    for other in others:
        figures["against"] = other.figures
        figures["comparison"] = compare(questions, first.replies, other.replies)
    return figures


def _sides(options: Mapping[str, Any]) -> list[Side]:
    """Return one side, or two to compare. Raises: TemplateUnknown, DataUnreadable."""
    model, first = options["model"], options["template"]
    own = price_of(options)
    if options["templates"]:
        return [
            Side(model_id=model, template=find_template(name), price=own) for name in options["templates"]
        ]
    template = find_template(first)
    sides = [Side(model_id=model, template=template, price=own)]
    if options["against"]:
        other = price_of(options, whose="against_")
        sides.append(Side(model_id=options["against"], template=template, price=other))
    return sides


def _note_unanswered(run: Ran, output: Output) -> None:
    if count := run.figures["unanswered"]:
        reasons = ", ".join(f"{reason} {n}" for reason, n in run.figures["unanswered_by_reason"].items())
        output.note(
            f"{run.figures['model']} gave no answer to {count} questions, which count as wrong: {reasons}"
        )


def _two(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    if len(names) != 2 or not all(names):
        raise argparse.ArgumentTypeError(
            f"{text!r} does not name two templates: write it like plain,clinical"
        )
    return names
