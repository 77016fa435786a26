"""What the subcommands of `manage.py audit` share: an account to act for, and dates."""

import argparse
from abc import abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from compliance.access.domain import Actor
from config.subcommand import Output, Subcommand

LONGEST_JUSTIFICATION = 200


class ActingSubcommand(Subcommand):
    """A subcommand on behalf of an account; in the demo `demo_account` where none is named."""

    demo_account: ClassVar[str] = "ada"

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Do it for the account in `options["actor"]`."""
        self.act(options["actor"], options, output)

    @abstractmethod
    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Record who does it, do it, and say what came out."""


def instant(text: str) -> datetime:
    """Return the instant that a date or a date and time names, in UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write it like 2026-01-31") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def justification(text: str) -> str:
    """Return a reason in words, which goes into the record: one short line that names no patient."""
    if not text.strip() or len(text) > LONGEST_JUSTIFICATION or not text.isprintable():
        raise argparse.ArgumentTypeError(
            f"a reason is one line of at most {LONGEST_JUSTIFICATION} characters; it must name no patient"
        )
    return text.strip()
