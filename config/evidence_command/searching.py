"""`manage.py evidence search`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from clinical.answers.document import source_document
from clinical.evidence.domain import Filters, Grade
from clinical.evidence.services import search
from clinical.evidence.specialties import SPECIALTIES
from config.subcommand import Output, Subcommand
from config.values import positive

SHOWN_DIGITS = 4


class SearchEvidence(Subcommand):
    """Searches the index."""

    name = "search"
    help = "Print the sources nearest to a question, best first; never a retracted one. It need not name a patient."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options; those with several values may be repeated."""
        grades = [grade.name.lower() for grade in Grade]
        parser.add_argument("question", help="in plain words")
        parser.add_argument("--year-from", type=positive, metavar="YEAR", help="the first year that counts")
        parser.add_argument("--year-to", type=positive, metavar="YEAR", help="the last year that counts")
        parser.add_argument("--grade", action="append", default=[], choices=grades, help="of this grade")
        parser.add_argument("--corpus", action="append", default=[], metavar="NAME", help="in this corpus")
        parser.add_argument(
            "--specialty", action="append", default=[], choices=SPECIALTIES, help="for this specialty"
        )
        parser.add_argument(
            "--language", action="append", default=[], metavar="CODE", help="in this language, such as eng"
        )
        parser.add_argument("--limit", type=positive, default=10, help="how many sources (10)")

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Search, and list what was found."""
        filters = Filters(
            year_from=options["year_from"],
            year_to=options["year_to"],
            grades=tuple(Grade[name.upper()] for name in options["grade"]),
            corpora=tuple(options["corpus"]),
            specialties=tuple(options["specialty"]),
            languages=tuple(options["language"]),
        )
        hits = search(options["question"], filters=filters, limit=options["limit"])
        rows = [
            {
                **source_document(hit.source),
                "corpus": hit.source.corpus,
                "score": round(hit.score, SHOWN_DIGITS),
            }
            for hit in hits
        ]
        output.document({"hits": rows})
        for row in rows:
            output.line(f"{row['source_id']}  {row['title']}")
            output.line(
                f"  {str(row['grade']).replace('_', ' ')}, {row['year'] or 'no year'}, {row['corpus']}"
            )
        if not rows:
            output.line("Nothing was found")
