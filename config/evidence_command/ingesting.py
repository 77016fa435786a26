"""`manage.py evidence ingest`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from clinical.evidence.corpora.catalogue import CorpusKind, Description
from clinical.evidence.corpora.ingest import Options
from clinical.evidence.corpora.report import IngestReport
from clinical.evidence.readers.formats import Format
from clinical.evidence.services import ingest
from config.progress import progress_bar
from config.subcommand import Output, Subcommand
from config.values import day


class Ingest(Subcommand):
    """Puts files into a corpus."""

    name = "ingest"
    help = (
        "Put literature or guidelines into a corpus: PubMed XML, NBIB, RIS, CSV, BEIR JSONL or Markdown with front matter, "
        "each also .gz, or folders of them. It may be stopped at any moment and repeated: it goes on, and changes nothing "
        "twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="files, and folders with all below"
        )
        parser.add_argument(
            "--corpus", required=True, metavar="NAME", help="the corpus; a new name makes a new one"
        )
        parser.add_argument("--title", help="what people call the corpus (its name)")
        parser.add_argument("--source", help="where its files come from")
        parser.add_argument("--licence", "--license", help="under which terms they may be used")
        parser.add_argument(
            "--date",
            type=day,
            metavar="YYYY-MM-DD",
            help="the day of the edition; of PubMed's files also the day on which their records stood (as they say)",
        )
        parser.add_argument(
            "--kind", choices=[kind.value for kind in CorpusKind], help="what the corpus holds (articles)"
        )
        parser.add_argument(
            "--format", choices=[each.value for each in Format], help="the files' format (as each file says)"
        )

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Ingest, and say what became of the records."""
        description = Description(
            title=options["title"],
            source=options["source"],
            licence=options["licence"],
            date=options["date"],
            kind=CorpusKind(options["kind"]) if options["kind"] else None,
        )
        wishes = Options(
            description=description,
            file_format=Format(options["format"]) if options["format"] else None,
            checked_on=options["date"],
        )
        with progress_bar("Ingesting") as show:
            report = ingest(options["paths"], corpus=options["corpus"], options=wishes, progress=show)
        output.document(report.document())
        _tell(report, output)


def _tell(report: IngestReport, output: Output) -> None:
    counts = report.counts
    output.line(
        f"{report.corpus}: {report.files_read:,} files read, {report.files_unchanged:,} in the index already; "
        f"{counts.added:,} sources added, {counts.updated:,} updated, {counts.deleted:,} deleted, "
        f"{counts.unchanged:,} unchanged"
    )
    if counts.without_text:
        output.line(f"  {counts.without_text:,} without a text of their own: kept to be read, never cited")
    for reason, count in sorted(counts.skipped.items()):
        output.line(f"  {count:,} skipped, {reason}: {'; '.join(counts.examples.get(reason, []))}")
    if report.reread:
        output.line(f"  These hold newer versions: ingest them again: {', '.join(report.reread)}")
