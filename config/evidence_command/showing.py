"""`manage.py evidence show`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from clinical.evidence.domain import Source
from clinical.evidence.grading import is_citable
from clinical.evidence.retraction import standing_words
from clinical.evidence.services import read_source, standing_of
from config.evidence_command.documents import full_source_document
from config.subcommand import Output, Subcommand


class ShowSource(Subcommand):
    """Prints a source."""

    name = "show"
    help = "Print a source with all that is known about it, and whether it still stands."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("id", help="such as pmid:34097368; `evidence search` shows ids")

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Print it, a retracted one too."""
        source = read_source(options["id"])
        output.document({"source": full_source_document(source), "is_citable": is_citable(source)})
        output.line(source.title)
        output.line(standing_words(standing_of(source)))
        if source.has_concern:
            output.line("An expression of concern was published.")
        if source.is_corrected:
            output.line("An erratum was published.")
        if source.notice_of:
            output.line(f"It is a notice itself: {', '.join(source.notice_of)}")
        for name, value in _facts(source).items():
            output.line(f"  {name}: {value}")
        output.line(f"\n{source.text or '(no text of its own: never cited)'}")


def _facts(source: Source) -> dict[str, object]:
    """Return what is known, in words."""
    facts = {
        "id": source.id,
        "corpus": source.corpus,
        "grade": source.grade.name.lower().replace("_", " "),
        "year": source.year,
        "journal": source.journal,
        "authors": "; ".join(source.authors),
        "language": source.language,
        "doi": source.doi,
        "types": "; ".join(source.publication_types),
        "headings": "; ".join(source.mesh),
        "specialties": ", ".join(source.specialties),
    }
    return {name: value for name, value in facts.items() if value}
