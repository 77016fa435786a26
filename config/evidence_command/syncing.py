"""`manage.py evidence sync`."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from clinical.evidence.domain import PUBMED
from clinical.evidence.sync.retractions import RetractionReport
from clinical.evidence.sync.services import (
    Plan,
    check_retractions,
    plan,
    plan_retractions,
    sync_query,
    sync_saved,
)
from clinical.evidence.sync.updating import UpdateReport, Wishes
from compliance.access.domain import Actor
from config import stack
from config.commands import ActingCommand
from config.progress import progress_bar
from config.subcommand import Output, Subcommand
from config.values import day, positive

MOST_SHOWN = 20


class Sync(Subcommand):
    """Brings corpora up to date from PubMed."""

    name = "sync"
    help = (
        "Fetch new and changed records from PubMed (without an option: for every saved query), or check what was "
        "retracted. Only de-identified terms leave, and each request is recorded first. Needs TACIT_SYNC=on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--query", help="what to fetch, in PubMed's syntax; it is kept for the next sync")
        what.add_argument("--saved", metavar="NAME", help="refresh the saved queries of this corpus only")
        what.add_argument("--retractions", action="store_true", help="check every PMID in the index instead")
        parser.add_argument(
            "--since", type=day, metavar="DATE", help="with --query: leave out what PubMed took in earlier"
        )
        parser.add_argument("--corpus", metavar="NAME", help=f"with --query: where to (default: {PUBMED})")
        parser.add_argument(
            "--limit", type=positive, metavar="N", help="stop after N records; the next sync goes on"
        )
        parser.add_argument("--now", action="store_true", help="run a large job in NCBI's busy hours too")
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")
        parser.add_argument(
            "--as",
            dest="username",
            metavar="ACCOUNT",
            help="the account to act for (demo: ravi); it must exist",
        )

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Sync, or say what a sync would do."""
        if not options["query"] and (options["since"] or options["corpus"]):
            raise CommandError("--since and --corpus say more of a --query: name one, or leave them out")
        if options["since"] and options["since"] > datetime.now(UTC).date():
            raise CommandError("--since is a day to come: name one that is over")
        if options["dry_run"]:
            _say_plan(_planned(options), output)
            return
        actor = _ActingForReviewer().actor(options["username"])
        with stack.for_sync(), progress_bar("Syncing", unit=" records") as show:
            wishes = Wishes(limit=options["limit"], now=options["now"], progress=show)
            if options["retractions"]:
                report = check_retractions(actor, wishes=wishes)
                output.line(_retraction_line(report))
                output.document({"retractions": _document(report)})
            else:
                _sync(actor, options, wishes, output)


class _ActingForReviewer(ActingCommand):
    demo_account = "ravi"


def _sync(actor: Actor, options: Mapping[str, Any], wishes: Wishes, output: Output) -> None:
    if options["query"]:
        corpus = options["corpus"] or PUBMED
        reports = iter(
            [sync_query(actor, options["query"], corpus=corpus, since=options["since"], wishes=wishes)]
        )
    else:
        reports = sync_saved(actor, corpus=options["saved"], wishes=wishes)
    documents = []
    for report in reports:
        output.line(_update_line(report))
        documents.append(_document(report))
    output.document({"queries": documents})


def _planned(options: Mapping[str, Any]) -> Plan:
    if options["retractions"]:
        return plan_retractions()
    return plan(query=options["query"], corpus=options["corpus"] or options["saved"], since=options["since"])


def _say_plan(planned: Plan, output: Output) -> None:
    state = "on" if planned.is_switched_on else "off: set TACIT_SYNC=on to let it send"
    output.line(f"Nothing was sent. The sync is switched {state}. Requests would go to {planned.host}:")
    for each in planned.queries:
        since = f", taken in since {each.since}" if each.since else ""
        refreshed = f", changed since {each.refreshed_on}" if each.refreshed_on else ""
        output.line(f"  {each.query}{since}{refreshed} -> {each.corpus}")
    if planned.sources:
        output.line(f"  the PMIDs of up to {planned.sources:,} sources")
    output.document(
        {
            "dry_run": True,
            "host": planned.host,
            "is_switched_on": planned.is_switched_on,
            "has_key": planned.has_key,
            "sources": planned.sources,
            "queries": [
                {
                    "query": each.query,
                    "corpus": each.corpus,
                    "since": _iso(each.since),
                    "refreshed_on": _iso(each.refreshed_on),
                }
                for each in planned.queries
            ],
        }
    )


def _update_line(report: UpdateReport) -> str:
    counts = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "skipped": report.skipped,
        "announced but not sent": report.missing,
        "beyond what PubMed gives out (make the query narrower)": report.beyond_reach,
    }
    said = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "nothing new"
    rest = "" if report.is_complete else "; not all yet, the next sync goes on"
    return f"{report.corpus}: {report.found:,} found, {report.fetched:,} fetched: {said}{rest}"


def _retraction_line(report: RetractionReport) -> str:
    new = report.newly_retracted
    named = f" ({', '.join(new[:MOST_SHOWN])}{', ...' if len(new) > MOST_SHOWN else ''})" if new else ""
    unknown = f", {report.unknown:,} not held by PubMed" if report.unknown else ""
    rest = "" if report.is_complete else "; not all yet, the next check goes on"
    return (
        f"{report.checked:,} sources checked on {report.checked_on}: {report.retracted:,} retracted, {len(new):,} of them "
        f"newly{named}{unknown}{rest}"
    )


def _document(report: UpdateReport | RetractionReport) -> dict[str, object]:
    return {name: _iso(value) if isinstance(value, date) else value for name, value in asdict(report).items()}


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
