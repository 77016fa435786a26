"""Ask a question about a patient and print the checked answer."""

import textwrap
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandParser

from clinical.answers.document import answer_document, handout_document
from clinical.answers.domain import (
    Answer,
    AnswerEvent,
    Audience,
    ChartRead,
    Claim,
    ClaimChecked,
    EvidenceFound,
    Finished,
    Mode,
    Query,
    Receipt,
    SafetyChecked,
    ScoresComputed,
    SpecialtyChosen,
)
from clinical.answers.services import answer_question
from clinical.answers.statements.relevance import current_facts
from config import stack
from config.commands import ActingCommand, problems_told
from config.loading import load_with_progress

WIDTH = 100


class Command(ActingCommand):
    """`manage.py ask --patient ID "question"`."""

    help = (
        "Ask about a patient. Exit code 0 for every answer, 'not enough evidence' included; 1 for a failure."
    )
    demo_account = "alma"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument("--patient", required=True, metavar="ID", help="see `manage.py patients`")
        parser.add_argument("question")
        parser.add_argument(
            "--mode",
            choices=[mode.value for mode in Mode],
            default=Mode.THOROUGH.value,
            help="fast: the sources' own words, at once. thorough (default): worded by the model, held against each other",
        )

        parser.add_argument(
            "--audience",
            choices=[audience.value for audience in Audience],
            default=Audience.CLINICIAN.value,
            help="patient: with a handout in plain words",
        )
        parser.add_argument(
            "--specialty",
            default="",
            metavar="NAME",
            help="answer by this specialty; without it the question and the chart decide (`manage.py specialties list`)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, and print what comes as it comes."""
        with problems_told(self, as_json=options["json"]):
            actor = self.actor(options["username"])
            query = Query(
                patient_id=options["patient"],
                question=options["question"],
                mode=Mode(options["mode"]),
                audience=Audience(options["audience"]),
                specialty=options["specialty"],
            )
            load_with_progress()
            with stack.for_questions():
                events = answer_question(actor, query)
                for event in events:
                    if not options["json"]:
                        self._show(event)
                    elif isinstance(event, Finished):
                        self.write_json(answer_document(event.answer, event.receipt, question=event.question))

    def _show(self, event: AnswerEvent) -> None:
        show: dict[type, Callable[[Any], None]] = {
            ChartRead: self._show_chart,
            SpecialtyChosen: self._show_specialty,
            ScoresComputed: self._show_scores,
            SafetyChecked: self._show_safety,
            EvidenceFound: self._show_evidence,
            ClaimChecked: lambda claimed: self._show_claim(claimed.claim),
            Finished: lambda finished: self._show_end(finished.answer, finished.receipt),
        }
        if type(event) in show:
            show[type(event)](event)

    def _show_specialty(self, event: SpecialtyChosen) -> None:
        self._line(f"\nSpecialty: {event.routing.reason}")

    def _show_evidence(self, event: EvidenceFound) -> None:
        self._heading(f"Evidence: {len(event.sources)} sources")
        for source in event.sources:
            self._line(f"- {source.title} ({source.year}) {source.id}")
        self._heading("Answer")

    def _show_chart(self, event: ChartRead) -> None:
        self._heading(f"Chart of {event.chart.patient.name}")
        for fact in current_facts(event.chart):
            self._line(f"- {fact.text}{f' ({fact.on})' if fact.on else ''}")
        for finding in event.chart.findings:
            self._line(f"! {finding.text} [{finding.code}]")

    def _show_scores(self, event: ScoresComputed) -> None:
        self._heading("Scores")
        for score in event.scores:
            if score.value is not None:
                meaning = f": {score.meaning}" if score.meaning else ""
                self._line(f"- {score.text}{meaning} (from {'; '.join(score.facts)})")
        for text in event.missing:
            self._line(f"? {text}")

    def _show_safety(self, event: SafetyChecked) -> None:
        self._heading(f"Safety: {len(event.findings)} finding{'' if len(event.findings) == 1 else 's'}")
        for finding in event.findings:
            self._line(f"! {finding.severity.upper()} {finding.summary}")
            self._line(f"    {' '.join(finding.rule.options)} Source: {finding.rule.source}")

    def _show_claim(self, claim: Claim) -> None:
        self._line(f"* {claim.text}")
        for fact in claim.chart_references:
            self._line(f"    chart: {fact.reference}{f', {fact.on}' if fact.on else ''}")
        for passage in claim.citations:
            source = passage.source
            self._line(
                f"    source: {source.title} ({source.year}) {source.id} [{passage.start}:{passage.end}]"
            )
            self._line(f'    quote: "{passage.quote}"')

    def _show_end(self, answer: Answer, receipt: Receipt) -> None:
        for each in answer.disagreements:
            self._line(f"! Sources disagree: {each.statement}")
            if each.against.passage:
                self._line(f"    against: {each.against.passage.source.title}")
                self._line(f'    quote: "{each.against.quote}"')
        if answer.handout:
            self._show_handout(handout_document(answer.handout))
        self._heading(answer.status.replace("_", " ").capitalize())
        self._line(answer.message)
        self._line(
            f"Drafted statements dropped as unsupported: {answer.dropped_claims}. Receipt {receipt.id}"
        )

    def _show_handout(self, handout: dict[str, Any]) -> None:
        self._heading("For the patient")
        self._line(handout["before"])
        for each in handout["statements"]:
            self._line(f"- {each['text']}")
        for each in handout["words"]:
            self._line(f"    {each['term']}: {each['meaning']}")
        for text in handout["after"]:
            self._line(text)

    def _heading(self, text: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(f"\n{text}"))

    def _line(self, text: str) -> None:
        indent = " " * (len(text) - len(text.lstrip()) + 2)
        # A quote is shown as it stands in its source, line breaks included.
        self.stdout.write(text if "quote:" in text else textwrap.fill(text, WIDTH, subsequent_indent=indent))
