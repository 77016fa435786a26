"""The prompts that questions are put in, as data with a version."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from clinical.evaluation.errors import DataUnreadable, TemplateUnknown

TABLE = Path(__file__).with_name("templates.toml")
DEFAULT = "plain"
# Any other file would be read as words to the model.
FILE_ENDING = ".md"
LARGEST_FILE = 64 * 1024
DIGITS_OF_VERSION = 12


@dataclass(frozen=True, kw_only=True)
class Template:
    """What is said before a question, and how the question is written."""

    name: str
    version: str
    about: str
    system: str
    question: str


@cache
def templates() -> Mapping[str, Template]:
    """Return the templates that come with the product, by name."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return {
        name: Template(name=name, **{key: text.strip() for key, text in entry.items()})
        for name, entry in table.items()
    }


def find_template(name: str) -> Template:
    """Return the template of that name, or the plain one with the words of a Markdown file before its question.

    The version of a file is the beginning of its SHA-256. Raises: TemplateUnknown, DataUnreadable.
    """
    if name in templates():
        return templates()[name]
    file = Path(name)
    if file.suffix != FILE_ENDING or not file.is_file():
        raise TemplateUnknown(name, known=sorted(templates()))
    try:
        content = file.read_bytes()
        words = content.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise DataUnreadable(file, "it is not UTF-8 text, or may not be read") from None
    if not words or len(content) > LARGEST_FILE:
        raise DataUnreadable(file, f"it is empty, or larger than {LARGEST_FILE // 1024} KiB")
    version = sha256(content).hexdigest()[:DIGITS_OF_VERSION]
    about = "The plain template after the words of a file"
    return replace(templates()[DEFAULT], name=name, version=version, about=about, system=words)
