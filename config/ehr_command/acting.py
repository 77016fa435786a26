"""What the subcommands about connections share: the account to act for, and how their failures are told."""

import argparse
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.management.base import CommandError, CommandParser

from clinical.problems import Problem
from compliance.access.domain import Actor
from compliance.errors import AccessDenied
from config.commands import acting_account, tell_problem
from config.subcommand import Output, Subcommand
from ehr_integration.connections.errors import ConnectionProblem
from ehr_integration.errors import EhrError
from ehr_integration.fhir.origin import is_fhir_id

REFUSED = Problem(422, "connection-invalid", "The connection cannot be used as asked", "")
DENIED = Problem(403, "access-denied", "The role may not do this", "")


class ActingSubcommand(Subcommand):
    """A subcommand on behalf of an administrator; in the demo of `ada` where nobody is named."""

    demo_account: ClassVar[str] = "ada"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--as", dest="username", help=f"the account to act for (demo: {self.demo_account}); it must exist"
        )

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Do it; an expected failure is one message, or one problem document under `--json`, and exit code 1."""
        try:
            self.act(acting_account(options["username"], demo_account=self.demo_account), options, output)
        except (ConnectionProblem, EhrError) as error:
            tell_problem(REFUSED, str(error), output.results, as_json=output.as_json)
        except AccessDenied as error:
            tell_problem(DENIED, str(error), output.results, as_json=output.as_json)
        except KeyboardInterrupt:
            raise CommandError("Stopped") from None

    @abstractmethod
    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Record who does it, do it, and say what came out."""


def fhir_id(text: str) -> str:
    """Return the id. Raises: ArgumentTypeError, where it is none."""
    if not is_fhir_id(text):
        raise argparse.ArgumentTypeError("is no FHIR id: up to 64 letters, digits, hyphens and dots")
    return text
