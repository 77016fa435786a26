"""How a failure of `manage.py evidence` is told: one message, or one problem document under `--json`; exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError

from clinical.evidence import errors
from clinical.evidence.sync import errors as sync_errors
from clinical.problems import Problem
from config.commands import problems_told, tell_problem

# The first class that matches decides. Our messages say what, where and how to fix, so they are the detail.
PROBLEMS: dict[type[Exception], Problem] = {
    errors.CorpusUnreadable: Problem(422, "corpus-unreadable", "A file cannot be read", ""),
    errors.FormatUnknown: Problem(422, "format-unknown", "A file is of no known format", ""),
    errors.NothingToIngest: Problem(422, "nothing-to-ingest", "There is no file to ingest", ""),
    errors.CorpusInvalid: Problem(422, "corpus-invalid", "The corpus cannot be called or described so", ""),
    errors.CorpusUnknown: Problem(404, "corpus-unknown", "There is no such corpus", ""),
    errors.IndexBusy: Problem(409, "index-busy", "The index is being written", ""),
    errors.IndexNotWritten: Problem(507, "index-not-written", "The index could not be written", ""),
    errors.SourceNotFound: Problem(404, "source-not-found", "No such source", ""),
    sync_errors.SyncSwitchedOff: Problem(403, "sync-switched-off", "The sync is switched off", ""),
    sync_errors.QueryRefused: Problem(422, "query-refused", "The query may not leave the hospital", ""),
    sync_errors.NothingSaved: Problem(404, "nothing-saved", "There is no saved query", ""),
    sync_errors.LargeJobRefused: Problem(429, "large-job", "A large job has to wait", ""),
    sync_errors.EutilsError: Problem(502, "eutils-failed", "NCBI did not give what was asked for", ""),
    sync_errors.SyncError: Problem(503, "sync-failed", "The sync cannot be done", ""),
    errors.EvidenceError: Problem(503, "evidence-unavailable", "The evidence cannot be used", ""),
}


@contextmanager
def evidence_problems_told(command: BaseCommand, *, as_json: bool) -> Iterator[None]:
    """Turn every expected failure into one clear message and exit code 1."""
    failure: errors.EvidenceError | None = None
    try:
        with problems_told(command, as_json=as_json):
            try:
                yield
            except errors.EvidenceError as error:
                # Set aside, because the general table has one sentence for all that can go wrong with the evidence.
                failure = error
    except KeyboardInterrupt:
        raise CommandError(
            "Stopped. What was committed is safe; the same command goes on from there"
        ) from None
    if failure is not None:
        problem = next(problem for kind, problem in PROBLEMS.items() if isinstance(failure, kind))
        tell_problem(problem, str(failure), command.stdout, as_json=as_json)
