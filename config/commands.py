"""What the command-line doors share: on whose behalf, and how a failure is told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper

from clinical.problems import Problem, problem_document, problem_of
from compliance.access.accounts import ensure_demo_accounts
from compliance.access.domain import Actor
from compliance.access.models import Account
from ehr_integration.sandbox import patient_ids

# Why a command could not begin: its message names the account, process or file, and the fix.
NOT_STARTED = Problem(503, "not-started", "The command could not begin", "")


class ActingCommand(BaseCommand):
    """A command that acts for an account, prints one JSON object with `--json`, and fails in plain words."""

    demo_account = ""
    prints_json = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options that these commands share."""
        parser.add_argument(
            "--as",
            dest="username",
            help=f"the account to act for (demo: {self.demo_account}); it must exist",
        )
        if self.prints_json:
            parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def actor(self, username: str | None) -> Actor:
        """Return the account to act for. Raises: CommandError where there is none."""
        return acting_account(username, demo_account=self.demo_account)

    def write_json(self, document: Any) -> None:  # noqa: ANN401 - any JSON value
        """Print one JSON object."""
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))


def acting_account(username: str | None, *, demo_account: str) -> Actor:
    """Return the account to act for, in the demo the given one where nobody is named.

    Raises: CommandError where there is none.
    """
    if settings.IS_DEMO:
        _prepare_demo()
    name = username or (demo_account if settings.IS_DEMO else "")
    account = Account.objects.filter(username=name, is_active=True).first()
    if account is None:
        raise CommandError(f"There is no account {name!r}: name one with --as")
    return account.actor


def _prepare_demo() -> None:
    """Make a first command work without `make run` before it."""
    call_command("migrate", verbosity=0)
    ensure_demo_accounts(patient_ids())


@contextmanager
def problems_told(command: BaseCommand, *, as_json: bool = False) -> Iterator[None]:
    """Turn an expected failure into one clear message, as a problem document under `--json`; exit code 1."""
    try:
        yield
    except Exception as error:
        if problem_of(error) is None and not isinstance(error, CommandError):
            raise
        document = problem_document(error) if problem_of(error) else NOT_STARTED.document(str(error))
        if not as_json:
            raise CommandError(f"{document['title']}. {document['detail']}") from None
        command.stdout.write(json.dumps(document))
        raise SystemExit(1) from None


def tell_problem(problem: Problem, message: str, results: OutputWrapper, *, as_json: bool) -> NoReturn:
    """End with the message, under `--json` as a problem document on the results; exit code 1."""
    if not as_json:
        raise CommandError(message) from None
    results.write(json.dumps(problem.document(message), ensure_ascii=False))
    raise SystemExit(1) from None
