"""`manage.py evaluate answers`."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from clinical.answers.domain import AnswerEvent, Mode, Query
from clinical.answers.services import answer_question
from clinical.evaluation.data.patient_questions import PatientQuestion, read_patient_questions, read_readings
from clinical.evaluation.errors import OutputUnwritable
from clinical.evaluation.suites.answers import Asked, claims_to_read, compare_drafts, evaluate_answers
from clinical.evaluation.suites.figures import Figures
from clinical.evidence.services import read_source
from clinical.inference.client import Engine
from compliance.access.domain import Actor
from config import stack
from config.commands import acting_account
from config.evaluate_command.models import running_model
from config.evaluate_command.suite import Suite, tracked
from config.loading import load_with_progress
from config.subcommand import Output


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
        parser.add_argument(
            "--mode",
            choices=[mode.value for mode in Mode],
            default=Mode.THOROUGH.value,
            help="thorough (default) or fast",
        )

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures."""
        questions = read_patient_questions(options["data"])
        if options["readings"]:
            read_readings(options["readings"])
        if not settings.IS_DEMO:
            raise CommandError("The questions are about the demo's patients: run this in demo mode")
        load_with_progress()
        actor = acting_account(None, demo_account="alma")

        with stack.for_patients():
            figures, asked = self._figures(
                options["model"], questions, actor, options, guided=not options["unguided"]
            )
            if options["claims"]:
                _write(options["claims"], asked)
            if options["against"] or options["against_unguided"]:
                model = options["against"] or options["model"]
                guided = not options["against_unguided"]
                figures["against"], others = self._figures(model, questions, actor, options, guided=guided)
                figures["comparison"] = compare_drafts(asked, others)
        return {"mode": str(options["mode"]), **figures}

    def _figures(
        self,
        model_id: str | None,
        questions: Sequence[PatientQuestion],
        actor: Actor,
        options: Mapping[str, Any],
        *,
        guided: bool,
    ) -> tuple[Figures, list[Asked]]:
        """Return the figures and the answers of one model, or of the product's own."""
        readings = read_readings(options["readings"]) if options["readings"] else None
        with _engine(model_id) as engine:

            def ask(question: PatientQuestion) -> Iterable[AnswerEvent]:
                query = Query(
                    patient_id=question.patient,
                    question=question.question,
                    mode=Mode(options["mode"]),
                    is_guided=guided,
                )
                return answer_question(actor, query, engine=engine)

            figures, asked = evaluate_answers(questions, ask, read_source, readings=readings, track=tracked)
        return {"guided": guided, **figures}, asked


@contextmanager
def _engine(model_id: str | None) -> Iterator[Engine | None]:
    """Give the engine of a registered model, or let the product's own run."""
    if model_id is None:
        with stack.for_model():
            yield None
        return
    with running_model(model_id) as model:
        yield model.engine


def _write(file: Path, asked: Sequence[Asked]) -> None:
    try:
        lines = (json.dumps(row, ensure_ascii=False) for row in claims_to_read(asked))
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise OutputUnwritable(file, error.strerror or "no reason given") from None
