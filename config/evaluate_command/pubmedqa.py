"""`manage.py evaluate pubmedqa`."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import CommandParser

from clinical.evaluation.data.questions import Question, read_questions
from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.indexing import index_sources
from clinical.evaluation.suites.pubmedqa import RETRIEVED, Retrieve, evaluate_pubmedqa, source_of
from clinical.evidence.checking import decide
from clinical.evidence.domain import Source
from clinical.evidence.hybrid import HybridSearch
from config.evaluate_command.seen import seen_figures
from config.evaluate_command.suite import Suite, tracked
from config.subcommand import Output


class PubMedQa(Suite):
    """Measures the checker on yes/no questions."""

    name = "pubmedqa"
    help = "Find the abstract for each yes/no question among the file's own, and decide by it (PubMedQA)."
    data_help = "questions as JSON Lines or PubMedQA's own JSON, plain or gzip"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--given", action="store_true", help="decide by each question's own abstract, unsearched"
        )

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures."""
        questions = read_questions(options["data"])
        if options["given"]:
            figures = evaluate_pubmedqa(questions, _given, decide, track=tracked)
        else:
            with TemporaryDirectory(prefix="tacit-evaluation-") as folder:
                index_sources(Path(folder), map(source_of, questions))
                search = _search_in(Path(folder))
                figures = evaluate_pubmedqa(questions, search, decide, track=tracked)
        return {
            **figures,
            "given": options["given"],
            **seen_figures([each.text for each in questions], output),
        }


def _given(question: Question) -> list[Source]:
    return [source_of(question)]


def _search_in(folder: Path) -> Retrieve:
    search = HybridSearch(folder)
    return lambda question: [hit.source for hit in search.search(question.text, limit=RETRIEVED)]
