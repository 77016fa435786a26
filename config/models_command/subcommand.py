"""What every subcommand of `manage.py models` has: a name, options, and a way to say what came out."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import CommandParser, OutputWrapper
from tqdm import tqdm

from clinical.inference.registry.registry import Registry


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
        """Write a remark on standard error."""
        self.notes.write(text)


class Subcommand(ABC):
    """One subcommand. `help` is one sentence; `run` raises RegistryError or BioGptError."""

    name: ClassVar[str]
    help: ClassVar[str]

    @abstractmethod
    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""

    @abstractmethod
    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Do it, and say what came out."""


def load_registry() -> Registry:
    """Return the registry of this installation. Raises: RegistryInvalid."""
    return Registry.load(
        content_folder=settings.TACIT_CONTENT_FOLDER, models_folder=settings.TACIT_MODELS_FOLDER
    )


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int | None], None]]:
    """Give a function that shows bytes done of bytes in all on standard error, where that is a terminal."""
    with tqdm(desc=title, unit="B", unit_scale=True, delay=0.2, disable=None) as bar:

        def show(done: int, total: int | None) -> None:
            if total != bar.total:
                bar.total = total
            bar.update(done - bar.n)

        yield show
