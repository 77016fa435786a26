"""Compute a clinical score from inputs, or from a patient's chart."""

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from clinical.answers.charted.note_inputs import filled_with_model
from clinical.calculators.calculation import calculation
from clinical.calculators.charts.charted import filled_from_chart
from clinical.calculators.charts.filling import Filled, Filling
from clinical.calculators.document import calculator_document
from clinical.calculators.notes.extracting import LONGEST_NOTE, filled_from_note
from clinical.calculators.reading import described
from clinical.calculators.registry import AnyCalculator, calculator_named, calculators
from clinical.inference.services import configured_engine
from config import stack
from config.commands import ActingCommand, problems_told

WIDTH = 100


class Command(ActingCommand):
    """`manage.py calculate NAME --inputs JSON`."""

    help = (
        "Compute a score. Without --inputs and --patient it says what the calculator asks for; --list names them all. "
        "Exit code 1 where it refuses: an input is missing, unusable, or beyond what the formula was made for."
    )
    demo_account = "alma"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument("name", nargs="?", metavar="NAME", help="for example cha2ds2-vasc")
        parser.add_argument("--list", action="store_true", dest="lists", help="name all calculators")
        parser.add_argument(
            "--inputs",
            metavar="JSON",
            help='an object: {"age_years": 76, "creatinine_mg_dl": {"value": 148, "unit": "umol/L"}}; - reads standard input',
        )
        parser.add_argument(
            "--patient", metavar="ID", help="fill what is not given from this patient's chart"
        )
        parser.add_argument(
            "--note",
            metavar="FILE",
            help="read what is not given out of a note, by rules; - reads standard input",
        )
        parser.add_argument(
            "--with-model",
            action="store_true",
            help="let the model point at words that the rules did not find",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """List, describe or compute."""
        with problems_told(self, as_json=options["json"]):
            if options["lists"]:
                self._list(as_json=options["json"])
                return
            if not options["name"]:
                raise CommandError("Name a calculator; --list names them all")
            calculator = calculator_named(options["name"])
            if all(options[name] is None for name in ("inputs", "patient", "note")):
                self._describe(calculator, as_json=options["json"])
                return
            given = _inputs(options["inputs"])
            told = self._told(calculator, options) if options["note"] else ()
            charted = self._filling(calculator, options).found if options["patient"] else ()
            self._show(calculation(calculator, given, told, charted), as_json=options["json"])

    def _filling(self, calculator: AnyCalculator, options: dict[str, Any]) -> Filling:
        actor = self.actor(options["username"])
        with stack.for_patients():
            return filled_from_chart(actor, calculator, patient_id=options["patient"])

    def _told(self, calculator: AnyCalculator, options: dict[str, Any]) -> tuple[Filled, ...]:
        note = _note(options["note"])
        if not options["with_model"]:
            return filled_from_note(calculator, note)
        with stack.for_model():
            return filled_with_model(configured_engine(), calculator, note)

    def _list(self, *, as_json: bool) -> None:
        if as_json:
            self.write_json({"calculators": [calculator_document(each) for each in calculators().values()]})
            return
        for each in calculators().values():
            self.stdout.write(f"{each.name:<40}{each.title} ({each.topic})")

    def _describe(self, calculator: AnyCalculator, *, as_json: bool) -> None:
        if as_json:
            self.write_json(calculator_document(calculator))
            return
        self.stdout.write(self.style.MIGRATE_HEADING(calculator.title))
        for each in calculator.inputs.values():
            self._line(f"{each.name}: {described(each)}{'' if each.is_required else ' (may be left out)'}")
        for source in calculator.sources:
            self._line(f"Source: {source.text} {source.address}")
        if calculator.note:
            self._line(calculator.note)

    def _show(self, document: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.write_json(document)
            return
        meaning = f": {document['meaning']}" if document["meaning"] else ""
        self.stdout.write(self.style.MIGRATE_HEADING(f"{document['text']}{meaning}"))
        for each in document["inputs"]:
            age = f", {each['age_days']} days old" if each["age_days"] is not None else ""
            told = each["text"] or f"{each['label']}: {each['value']}"
            origin = {
                "chart": f" [{each['reference'] or 'demographics'}{age}]",
                "assumed": " [assumed]",
                "note": f": {each['label']} {each['value']} [note]",
            }
            self._line(f"- {told}{origin.get(each['origin'], '')}")
        for source in document["sources"]:
            self._line(f"Source: {source['text']} {source['url']}")
        if document["note"]:
            self._line(document["note"])

    def _line(self, text: str) -> None:
        self.stdout.write(textwrap.fill(text, WIDTH, subsequent_indent="    "))


def _note(file: str) -> str:
    try:
        note = sys.stdin.read(LONGEST_NOTE + 1) if file == "-" else Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise CommandError(
            "--note cannot be read: name a file of UTF-8 text, or - for standard input"
        ) from None
    if len(note) > LONGEST_NOTE:
        raise CommandError(
            f"--note has more than {LONGEST_NOTE:,} characters: give the part that bears on it"
        )
    return note


def _inputs(written: str | None) -> dict[str, Any]:
    text = sys.stdin.read() if written == "-" else written or "{}"
    try:
        given = json.loads(text)
    except json.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise CommandError('--inputs is not a JSON object: write it as {"name": value}, in single quotes')
    return given
