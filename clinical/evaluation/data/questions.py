"""Yes/no/maybe questions with the abstract that answers each, its conclusion removed.

Source: Jin et al., PubMedQA, EMNLP 2019 (arXiv:1909.06146). The long answer is the conclusion: it is never read.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from clinical.evaluation.data.lines import numbered_lines, opened
from clinical.evaluation.data.rows import Row, json_row
from clinical.evaluation.errors import DataEmpty, DataInvalid, DataUnreadable

QUESTIONS = "questions as JSON Lines (question, contexts, answer) or PubMedQA's own JSON object by PMID"
ANSWERS = ("yes", "no", "maybe")
LARGEST_FILE = 1024 * 1024 * 1024


@dataclass(frozen=True)
class Question:
    """A question, its answer, and the abstract's sections as (label, text); labels may be empty."""

    id: str
    text: str
    answer: str
    sections: tuple[tuple[str, str], ...]


def read_questions(path: Path) -> tuple[Question, ...]:
    """Return the questions. Raises: DataMissing, DataUnreadable, DataInvalid, DataEmpty."""
    questions = tuple(_question(row) for row in _rows(path))
    if not questions:
        raise DataEmpty(path, "it holds no question")
    return questions


def _rows(path: Path) -> Iterator[Row]:
    lines = numbered_lines(path, wanted=QUESTIONS)
    first = next(lines, None)
    if first is None:
        return
    if _is_keyed(first[1]):
        yield from _keyed_rows(path)
        return
    for number, line in chain([first], lines):
        yield json_row(line, f"{path}, line {number}")


def _is_keyed(line: str) -> bool:
    """Whether the file is one object by PMID: its first line opens it, or is all of it."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return line.strip() == "{" or line.lstrip().startswith('{"') and line.rstrip().endswith("{")
    return isinstance(value, dict) and bool(value) and all(isinstance(each, dict) for each in value.values())


def _keyed_rows(path: Path) -> Iterator[Row]:
    with opened(path, wanted=QUESTIONS) as file:
        text = file.read(LARGEST_FILE)
    if len(text) == LARGEST_FILE:
        raise DataUnreadable(path, "it is larger than 1 GiB; give it as JSON Lines")
    for pmid, fields in json_row(text, str(path)).fields.items():
        if not isinstance(fields, dict):
            raise DataInvalid(f"{path}, key {pmid}", "no JSON object")
        yield Row(f"{path}, key {pmid}", {"_id": pmid, **fields})


def _question(row: Row) -> Question:
    answer = row.text("answer", "final_decision").strip().lower()
    if answer not in ANSWERS:
        raise DataInvalid(row.where, f"its answer is none of {', '.join(ANSWERS)}")
    return Question(
        id=row.text("_id", "id", "pubid"),
        text=row.text("question", "QUESTION"),
        answer=answer,
        sections=tuple(_sections(row)),
    )


def _sections(row: Row) -> Iterator[tuple[str, str]]:
    nested = row.find("context")
    own = Row(row.where, nested) if isinstance(nested, dict) else row
    texts = own.texts("contexts", "CONTEXTS")
    has_labels = own.find("labels", "LABELS") is not None
    labels = own.texts("labels", "LABELS") if has_labels else ()
    yield from zip(chain(labels, repeat("")), texts, strict=False)
