"""What can go wrong with an evaluation: its data, and where its figures go.

EvaluationError
├── DataMissing      a file or folder is not there, or may not be read
├── DataUnreadable   a file is cut short, not text, or not the format that its name says
├── DataInvalid      a row is no JSON, lacks a column, or has a value that the format does not know
├── DataEmpty        nothing in the data can be scored
├── TemplateUnknown  no prompt template has that name
├── BaselineInvalid  the baseline of the gate is missing or no table of figures
├── FiguresInvalid   a file given to the gate holds no figures of a suite
├── OutputUnwritable figures or index cannot be written where they should go
└── FolderNotEmpty   an index is to be kept where something else lies
"""

from collections.abc import Iterable
from pathlib import Path


class EvaluationError(Exception):
    """The evaluation cannot be run as asked. No message holds a claim's, question's or record's text."""


class DataMissing(EvaluationError):
    """A file or folder of the data is not there."""

    def __init__(self, path: Path, wanted: str) -> None:
        super().__init__(
            f"{path} cannot be read: it is missing, or its mode forbids it. It should be {wanted}"
        )


class DataUnreadable(EvaluationError):
    """A file is damaged or of another kind."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}. Replace it with a whole copy")


class DataInvalid(EvaluationError):
    """A row does not have the form that the suite reads."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}. docs/evaluation.md shows the form")


class DataEmpty(EvaluationError):
    """There is nothing to score."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}. docs/evaluation.md shows the form")


class TemplateUnknown(EvaluationError):
    """There is no such template."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"No prompt template is called {name!r}: name one of {', '.join(known)}, or a Markdown file (.md)"
        )


class BaselineInvalid(EvaluationError):
    """The baseline cannot be used."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(f"{file}: {what}. `manage.py evaluate gate --update` writes a new one")


class FiguresInvalid(EvaluationError):
    """A file is none that a suite wrote."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(f"{file}: {what}. Give files that `manage.py evaluate SUITE --output` wrote")


class OutputUnwritable(EvaluationError):
    """A file or folder of the results cannot be written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be written ({why}): name a place that exists and may be written")


class FolderNotEmpty(EvaluationError):
    """The folder for the index holds something."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not empty: name a new folder to keep the index in")
