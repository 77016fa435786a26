"""`manage.py evaluate answers`."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from clinical.answers.domain import AnswerEvent, Mode, Query
from clinical.answers.services import answer_question
from clinical.evaluation.data.patient_questions import PatientQuestion, read_patient_questions, read_readings
from clinical.evaluation.errors import OutputUnwritable
from clinical.evaluation.metrics.spending import Price, spent
from clinical.evaluation.suites.answers import (
    Asked,
    claims_to_read,
    compare_drafts,
    evaluate_answers,
    spending_figures,
)
from clinical.evaluation.suites.figures import Figures
from clinical.evidence.services import read_source
from clinical.inference.client import Engine
from clinical.inference.services import read_metrics, usual_model
from clinical.specialties.services import models
from config import stack
from config.commands import acting_account
from config.evaluate_command.answers_report import write_report
from config.evaluate_command.models import check_model, running_model
from config.evaluate_command.prices import add_prices, price_of
from config.evaluate_command.suite import Suite, check_writable, described, tracked
from config.loading import load_with_progress
from config.subcommand import Output

SECONDS_TO_COUNT = 0.5


class Answers(Suite):
    """Asks the whole product about the demo patients."""

    name = "answers"
    help = "Ask questions about the demo patients, and score the answers: support, quotes, abstention, traps, time."
    data_help = "questions as JSON Lines: id, patient, question, kind (answerable, unanswerable, trap), ..."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--readings", type=Path, metavar="FILE", help="what persons found on reading the claims"
        )
        parser.add_argument(
            "--claims", type=Path, metavar="FILE", help="write every cited claim there, to be read"
        )
        parser.add_argument("--model", metavar="ID", help="a registered model in place of the product's own")
        parser.add_argument("--against", metavar="ID", help="another model, on the same questions")
        parser.add_argument(
            "--unguided", action="store_true", help="without the specialty's words in the prompt"
        )
        parser.add_argument(
            "--against-unguided",
            action="store_true",
            help="the same questions once more, without these words",
        )
        add_prices(parser)
        parser.add_argument("--html", type=Path, metavar="FILE", help="write a report for a browser, too")
        parser.add_argument(
            "--mode",
            choices=[mode.value for mode in Mode],
            default=Mode.THOROUGH.value,
            help="thorough (default) or fast",
        )

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures."""
        sides = _sides(options)
        _check(sides, options)
        questions = read_patient_questions(options["data"])
        if not settings.IS_DEMO:
            raise CommandError("The questions are about the demo's patients: run this in demo mode")
        load_with_progress()
        with stack.for_patients():
            runs = [_run(side, questions, options) for side in sides]
        figures = {"mode": str(options["mode"]), **described(options["data"]), **runs[0].figures}
        if options["claims"]:
            _write(options["claims"], [each for run in runs for each in run.asked])
        for other in runs[1:]:
            figures["against"] = other.figures
            figures["comparison"] = compare_drafts(runs[0].asked, other.asked)
        if options["html"]:
            write_report(options["html"], figures)
        return figures


@dataclass(frozen=True, kw_only=True)
class _Side:
    """What is run: a registered model or the product as it is, with or without the specialty's words."""

    model_id: str | None
    guided: bool
    price: Price | None


@dataclass(frozen=True, kw_only=True)
class _Ran:
    """The answers of one side, and their figures."""

    asked: list[Asked]
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class _Running:
    """What words the answers: None for the engines of the product as it is. `read_metrics` says what they counted."""

    engine: Engine | None
    read_metrics: Callable[[], str]


def _sides(options: Mapping[str, Any]) -> list[_Side]:
    """Return one side, or two to compare. Raises: CommandError."""
    model_id = options["model"]
    sides = [_Side(model_id=model_id, guided=not options["unguided"], price=price_of(options))]
    if options["against"] or options["against_unguided"]:
        other = _Side(
            model_id=options["against"] or model_id,
            guided=not options["against_unguided"],
            price=price_of(options, whose="against_"),
        )
        sides.append(other)
    return sides


def _check(sides: Iterable[_Side], options: Mapping[str, Any]) -> None:
    """Raise before the hour what would be raised after it. Raises: OutputUnwritable, RegistryError, EvaluationError."""
    for file in filter(None, (options["html"], options["claims"])):
        check_writable(file)
    for side in sides:
        if side.model_id:
            check_model(side.model_id)
    if options["readings"]:
        read_readings(options["readings"])


def _run(side: _Side, questions: Sequence[PatientQuestion], options: Mapping[str, Any]) -> _Ran:
    actor = acting_account(None, demo_account="alma")
    readings = read_readings(options["readings"]) if options["readings"] else None
    with _running(side.model_id) as running:

        def ask(question: PatientQuestion) -> Iterable[AnswerEvent]:
            query = Query(
                patient_id=question.patient,
                question=question.question,
                mode=Mode(options["mode"]),
                is_guided=side.guided,
            )
            return answer_question(actor, query, engine=running.engine)

        before = spent(running.read_metrics())
        figures, asked = evaluate_answers(questions, ask, read_source, readings=readings, track=tracked)
        # The last draft may have been stopped, which the engine sees a moment later.
        time.sleep(SECONDS_TO_COUNT)
        used = spent(running.read_metrics()).since(before)
    cost = used.cost(price=side.price, hourly_price=settings.TACIT_HOURLY_PRICE)
    named = {"model_id": side.model_id or usual_model(), "guided": side.guided}
    return _Ran(asked=asked, figures={**named, **figures, **spending_figures(used, len(asked), cost)})


@contextmanager
def _running(model_id: str | None) -> Iterator[_Running]:
    """Run a registered model, or the product's own with those of its specialties."""
    if model_id is None:
        with stack.for_questions():
            yield _Running(engine=None, read_metrics=partial(read_metrics, models()))
        return
    with running_model(model_id) as model:
        yield _Running(engine=model.engine, read_metrics=model.engine.metrics)


def _write(file: Path, asked: Sequence[Asked]) -> None:
    try:
        lines = (json.dumps(row, ensure_ascii=False) for row in claims_to_read(asked))
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise OutputUnwritable(file, error.strerror or "no reason given") from None
