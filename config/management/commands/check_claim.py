"""Check a claim against a source of the installed evidence, or against a text on standard input."""

import json
import sys
import textwrap
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinical.evidence.checking import Check, check
from clinical.evidence.domain import Grade, Kind, Source
from clinical.evidence.grading import is_citable
from clinical.evidence.passages import split_passages
from clinical.evidence.services import read_source
from config.commands import problems_told

WIDTH = 100
LONGEST_CLAIM = 1000
LONGEST_TEXT = 200_000


class Command(BaseCommand):
    """`manage.py check_claim "CLAIM" --source ID`."""

    help = (
        "Say whether a source supports a claim, contradicts it, or neither, with the sentence that shows it. Exit code 0 "
        "for every verdict; 1 for a failure. The claim is not logged."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("claim", help="one statement")
        parser.add_argument(
            "--source",
            metavar="ID",
            help="a source of the index (pmid:33264825); without it the text on standard input",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and print the verdict."""
        with problems_told(self, as_json=options["json"]):
            claim = _checked_claim(options["claim"])
            source = read_source(options["source"]) if options["source"] else _source_on_standard_input()
            found = check(claim, split_passages(source))
            if options["json"]:
                self.stdout.write(json.dumps(_document(found, source), ensure_ascii=False, indent=2))
            else:
                self._show(found, source)

    def _show(self, found: Check, source: Source) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(found.verdict.replace("_", " ").capitalize()))
        self.stdout.write(found.reason.words)
        if not is_citable(source):
            self.stdout.write(f"{source.id} may not be cited: {_why_not(source)}.")
        if found.passage:
            self.stdout.write(f'Quote [{found.passage.start}:{found.passage.end}]: "{found.quote}"')
            self.stdout.write(
                textwrap.fill(f"Source: {source.title or 'standard input'} ({source.id})", WIDTH)
            )
        self.stdout.write(f"Confidence {found.confidence:.2f}")


def _checked_claim(text: str) -> str:
    claim = " ".join(text.split())
    if not claim:
        raise CommandError("The claim is empty: write one statement in quotation marks")
    if len(claim) > LONGEST_CLAIM:
        raise CommandError(
            f"The claim has {len(claim)} characters, at most {LONGEST_CLAIM} are read: check one statement"
        )
    return claim


def _source_on_standard_input() -> Source:
    if sys.stdin.isatty():
        raise CommandError("Name a source with --source, or write its text to standard input")
    text = sys.stdin.read(LONGEST_TEXT + 1)
    if not text.strip():
        raise CommandError(
            "Standard input is empty: name a source with --source, or write its text to standard input"
        )
    if len(text) > LONGEST_TEXT:
        raise CommandError(
            f"Standard input has more than {LONGEST_TEXT:,} characters: write the part that bears on it"
        )
    return Source(
        id="stdin",
        kind=Kind.ARTICLE,
        title="",
        text=text,
        year=None,
        grade=Grade.OTHER,
        corpus="standard input",
    )


def _why_not(source: Source) -> str:
    return (
        "it is retracted"
        if source.retracted
        else "it has no text of its own, or is a notice about another work"
    )


def _document(found: Check, source: Source) -> dict[str, object]:
    return {
        "verdict": found.verdict.value,
        "reason": found.reason.value,
        "explanation": found.reason.words,
        "confidence": round(found.confidence, 4),
        "quote": found.quote,
        "start": found.passage.start if found.passage else None,
        "end": found.passage.end if found.passage else None,
        "source": source.id,
        "retraction": source.retraction.value,
    }
