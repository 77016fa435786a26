"""`manage.py evidence corpora` and `manage.py evidence status`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from clinical.evidence.corpora.status import CorpusStatus
from clinical.evidence.services import read_status
from config.evidence_command.documents import corpus_document
from config.subcommand import Output, Subcommand

MEGABYTE = 1_000_000


class ListCorpora(Subcommand):
    """Shows every corpus."""

    name = "corpora"
    help = "List the corpora: what they hold, where they come from, their licence, and when retractions were last checked."

    def add_arguments(self, parser: CommandParser) -> None:
        """There are no options of its own."""

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """List them."""
        corpora = read_status().corpora
        output.document({"corpora": [corpus_document(each) for each in corpora]})
        for each in corpora:
            _tell(each, output)
        if not corpora:
            output.line("There is no corpus yet: see `manage.py evidence ingest --help`")


class ShowStatus(Subcommand):
    """Shows what the index holds."""

    name = "status"
    help = "Say what the index holds: sources by grade and specialty, how many may be cited, files that are not in whole."

    def add_arguments(self, parser: CommandParser) -> None:
        """There are no options of its own."""

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Say it."""
        status = read_status()
        output.document(
            {
                "folder": str(status.folder),
                "size_bytes": status.size_bytes,
                "sources": status.sources,
                "citable": status.citable,
                "retracted": status.retracted,
                "without_text": status.without_text,
                "grades": status.grades,
                "specialties": status.specialties,
                "corpora": [corpus_document(each) for each in status.corpora],
            }
        )
        output.line(f"{status.folder}: {status.sources:,} sources, {status.size_bytes / MEGABYTE:,.0f} MB")
        output.line(
            f"  {status.citable:,} may be cited, {status.without_text:,} have no text of their own, "
            f"{status.retracted:,} are retracted"
        )
        output.line(f"  by grade: {_counted(status.grades)}")
        output.line(f"  by specialty: {_counted(status.specialties)}")
        for each in status.corpora:
            _tell(each, output)


def _counted(counts: Mapping[str, int]) -> str:
    return (
        ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items() if count) or "none"
    )


def _tell(status: CorpusStatus, output: Output) -> None:
    corpus = status.corpus
    output.line(
        f"{corpus.name}: {corpus.title}, {status.sources:,} sources of {status.files:,} files ({corpus.kind})"
    )
    dated = f", of {corpus.date}" if corpus.date else ""
    output.line(
        f"  from {corpus.source or '(nobody said where)'}{dated}; licence: {corpus.licence or '(nobody said)'}"
    )
    output.line(f"  retractions checked on: {corpus.retractions_checked_on or 'never'}")
    if status.unfinished:
        output.line(f"  not in whole, ingest again: {', '.join(status.unfinished)}")
    if not status.sources:
        output.line(
            "  empty: the index was started anew since, or nothing could be used. Ingest its files again"
        )
