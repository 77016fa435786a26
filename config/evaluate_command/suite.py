"""What every suite of `manage.py evaluate` has: where its data lies, where its figures go, and how far it is."""

import json
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import CommandParser
from django.utils.timezone import localdate
from tqdm import tqdm

from clinical.evaluation.errors import OutputUnwritable
from clinical.evaluation.suites.figures import Figures
from config.evaluate_command.table import figure_lines, rounded
from config.subcommand import Output, Subcommand

Item = TypeVar("Item")


class Suite(Subcommand):
    """A subcommand that measures something and says its figures."""

    data_help = "the data set"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options that all suites share."""
        parser.add_argument("--data", type=Path, required=True, metavar="PATH", help=self.data_help)
        parser.add_argument("--output", type=Path, metavar="FILE", help="write the JSON object there, too")

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Measure, and say the figures. Raises: EvaluationError, EvidenceError."""
        file: Path | None = options["output"]
        if file:
            check_writable(file)
        figures = rounded({"suite": self.name, **self.measure(options, output)})
        if file:
            write_text(file, json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
        output.document(figures)
        for line in figure_lines(figures):
            output.line(line)

    @abstractmethod
    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures by key. Raises: EvaluationError, EvidenceError."""


def described(data: Path) -> Figures:
    """Return the day, and which data was measured on."""
    return {
        "on": localdate().isoformat(),
        "data": data.name,
        "data_sha256": sha256(data.read_bytes()).hexdigest(),
    }


def tracked(items: Sequence[Item], title: str) -> Iterable[Item]:
    """Return the items; standard error shows how many are done, where it is a terminal."""
    return tqdm(items, desc=title, disable=None)


def check_writable(file: Path) -> None:
    """Raise OutputUnwritable where the file has no folder: before the hour that the figures may take, not after it."""
    if not file.parent.is_dir():
        raise OutputUnwritable(file, "there is no such folder")


def write_text(file: Path, text: str) -> None:
    """Write a file of results. Raises: OutputUnwritable."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputUnwritable(file, error.strerror or "no reason given") from None
