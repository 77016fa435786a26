"""What every subcommand of a command has: a name, options, and a way to say what came out."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.management.base import CommandParser, OutputWrapper


@dataclass(frozen=True)
class Output:
    """Where results go: people read lines, programs one JSON object; notes never mix with either."""

    results: OutputWrapper
    notes: OutputWrapper
    as_json: bool

    def line(self, text: str) -> None:
        """Write a line for a person; nothing under `--json`."""
        if not self.as_json:
            self.results.write(text)

    def document(self, document: Mapping[str, object]) -> None:
        """Write the one JSON object of `--json`; nothing without it."""
        if self.as_json:
            self.results.write(json.dumps(document, ensure_ascii=False, indent=2))

    def note(self, text: str) -> None:
        """Write a remark on standard error, and not in the colour of errors."""
        self.notes.write(text, str)


class Subcommand(ABC):
    """One subcommand. `help` is one sentence; `run` raises what its command knows how to tell."""

    name: ClassVar[str]
    help: ClassVar[str]

    @abstractmethod
    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""

    @abstractmethod
    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Do it, and say what came out."""


def declare(
    subcommands: Mapping[str, Subcommand], parser: CommandParser, *, called: str = "subcommand"
) -> None:
    """Declare the subcommands, one of which must be given; its name comes in the option `called`."""
    subparsers = parser.add_subparsers(dest=called, required=True, metavar=called.upper())
    for name, subcommand in subcommands.items():
        own = subparsers.add_parser(name, help=subcommand.help, description=subcommand.help)
        subcommand.add_arguments(own)
        own.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
