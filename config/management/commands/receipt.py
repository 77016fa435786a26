"""Prove that a saved answer is the one that was given."""

import sys
import textwrap
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from clinical.answers.receipts.document import verification_document
from clinical.answers.receipts.domain import PROVES, Given, Verification
from clinical.answers.receipts.reading import document_in
from clinical.answers.receipts.verification import verify_receipt
from config.commands import ActingCommand, problems_told

WIDTH = 100
LARGEST_BYTES = 16 * 1024 * 1024


class Command(ActingCommand):
    """`manage.py receipt verify FILE`."""

    help = (
        "Receipts of answers. verify: whether a saved answer is the one that was given. Exit code 0 for genuine alone. "
        "Each verification is recorded; neither question nor answer is printed or logged."
    )
    demo_account = "olga"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the subcommand."""
        subparsers = parser.add_subparsers(dest="subcommand", required=True, metavar="SUBCOMMAND")
        verify = subparsers.add_parser("verify", help="verify a saved answer", description=self.help)
        super().add_arguments(verify)
        verify.add_argument("file", metavar="FILE", help="the saved answer (JSON); - reads standard input")
        question = verify.add_mutually_exclusive_group()
        question.add_argument(
            "--question", metavar="TEXT", help="as it was asked, where the file does not hold it"
        )
        question.add_argument("--question-file", type=Path, metavar="F", help="a text file that holds it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and say what came out."""
        with problems_told(self, as_json=options["json"]):
            actor = self.actor(options["username"])
            document = document_in(_saved(options["file"]))
            verification = verify_receipt(actor, document, question=_question(options))
        if options["json"]:
            self.write_json(verification_document(verification))
        else:
            self._show(verification)
        if not verification.is_genuine:
            raise SystemExit(1)

    def _show(self, verification: Verification) -> None:
        style = self.style.SUCCESS if verification.is_genuine else self.style.ERROR
        self.stdout.write(style(verification.outcome.replace("_", " ").capitalize()))
        self._line(verification.message)
        if verification.differs:
            self._line(f"The record says otherwise of: {', '.join(verification.differs)}.")
        if verification.given:
            self._show_given(verification.given)
        self._line(PROVES)

    def _show_given(self, given: Given) -> None:
        self._line(f"Recorded: {given.at.isoformat()}, to {given.by} ({given.role}), purpose {given.purpose}")
        self._line(f"Model: {given.model or 'none'}; prompt version: {given.prompt_version or 'none'}")
        place = given.place
        where = (
            f"position {place.position} of the ledger, under the checkpoint of {place.checkpoint_size} entries "
            f"({place.checkpoint_at.isoformat()}, root {place.checkpoint_root[:16]}...)"
            if place
            else "not sealed yet"
        )
        self._line(f"Event {given.event_id}: {where}")

    def _line(self, text: str) -> None:
        self.stdout.write(textwrap.fill(text, WIDTH, subsequent_indent="    "))


def _saved(name: str) -> bytes:
    if name == "-":
        return _bounded(sys.stdin.buffer.read(LARGEST_BYTES + 1), "Standard input")
    try:
        with Path(name).open("rb") as file:
            return _bounded(file.read(LARGEST_BYTES + 1), name)
    except OSError as error:
        raise CommandError(f"{name} cannot be read ({error.strerror})") from None


def _question(options: dict[str, Any]) -> str:
    file: Path | None = options["question_file"]
    if file is None:
        return options["question"] or ""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{file} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise CommandError(f"{file} is not UTF-8: save the question as UTF-8 text") from None


def _bounded(content: bytes, name: str) -> bytes:
    if len(content) > LARGEST_BYTES:
        raise CommandError(f"{name} has more than {LARGEST_BYTES:,} bytes: it is no saved answer")
    return content
