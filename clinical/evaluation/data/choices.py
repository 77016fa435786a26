"""Multiple-choice questions: MedQA's form with its options, PubMedQA's with yes, no and maybe.

Source: Jin et al., MedQA, Appl Sci 2021;11:6421 (arXiv:2009.13081); PubMedQA see `questions.py`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from clinical.evaluation.data.lines import numbered_lines
from clinical.evaluation.data.questions import ANSWERS, Question, read_questions
from clinical.evaluation.data.rows import Row, json_row
from clinical.evaluation.errors import DataEmpty, DataInvalid

CHOICES = (
    "questions as JSON Lines: question, options, answer (MedQA), or question, contexts, answer (PubMedQA)"
)
MOST_OPTIONS = 26


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A question with its options in the file's order; `gold` is the right one's position.

    `id` is the row's own, else its line. `group` is what figures are split by: the answer of PubMedQA, the exam's
    step of MedQA; empty where there is none. `context` is an abstract, or empty.
    """

    id: str
    text: str
    options: tuple[str, ...]
    gold: int
    group: str = ""
    context: str = ""


def read_choices(path: Path) -> tuple[Choice, ...]:
    """Return the questions of either form. Raises: DataMissing, DataUnreadable, DataInvalid, DataEmpty."""
    lines = numbered_lines(path, wanted=CHOICES)
    first = next(lines, None)
    if first is None:
        raise DataEmpty(path, "it holds no question")
    if not _has_options(first[1]):
        return tuple(map(_of_abstract, read_questions(path)))
    return tuple(
        _of_options(json_row(line, f"{path}, line {number}"), number)
        for number, line in chain([first], lines)
    )


def _has_options(line: str) -> bool:
    """Whether the file is of MedQA's form, by its first line."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "options" in value


def _of_abstract(question: Question) -> Choice:
    return Choice(
        id=question.id,
        text=question.text,
        options=ANSWERS,
        gold=ANSWERS.index(question.answer),
        group=question.answer,
        context="\n".join(f"{label}: {text}" if label else text for label, text in question.sections),
    )


def _of_options(row: Row, number: int) -> Choice:
    options = _options(row)
    return Choice(
        id=row.optional_text("_id", "id") or f"line {number}",
        text=row.text("question"),
        options=tuple(options.values()),
        gold=_gold(row, options),
        group=row.optional_text("meta_info"),
    )


def _options(row: Row) -> dict[str, str]:
    """Return the options by key: `{"A": "..."}`, or the list of `{"key", "value"}` of MedQA's own files."""
    found = row.find("options")
    if isinstance(found, list):
        found = {each.get("key"): each.get("value") for each in found if isinstance(each, Mapping)}
    if not isinstance(found, Mapping) or not all(
        isinstance(each, str) and each.strip() for pair in found.items() for each in pair
    ):
        raise DataInvalid(row.where, "its options are no object of texts by key")
    if not 2 <= len(found) <= MOST_OPTIONS:
        raise DataInvalid(row.where, f"it has {len(found)} options, and 2 to {MOST_OPTIONS} can be asked")
    return dict(found)


def _gold(row: Row, options: Mapping[str, str]) -> int:
    """Return the position of the right option, by `answer_idx`, else by the answer's text, else by its key."""
    keys, key, answer = list(options), row.optional_text("answer_idx"), row.optional_text("answer")
    if key:
        if key not in options or answer not in ("", key, options[key]):
            raise DataInvalid(row.where, "its answer_idx is no option's key, or not that of its answer")
        return keys.index(key)
    named = [each for each in keys if options[each] == answer] or [each for each in keys if each == answer]
    if len(named) != 1:
        raise DataInvalid(row.where, "its answer is not exactly one of its options")
    return keys.index(named[0])
