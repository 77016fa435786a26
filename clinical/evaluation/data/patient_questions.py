"""Questions about the demo patients, each with what a right answer does: JSON Lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from clinical.evaluation.data.rows import Row, read_rows
from clinical.evaluation.errors import DataEmpty, DataInvalid

WANTED = "questions about patients as JSON Lines"


class QuestionKind(StrEnum):
    """What a question tests: that it is answered, that it is not, or that a trap is seen."""

    ANSWERABLE = "answerable"
    UNANSWERABLE = "unanswerable"
    TRAP = "trap"


@dataclass(frozen=True, kw_only=True)
class PatientQuestion:
    """One question.

    `cites` are beginnings of source ids of which one must be cited, `rules` are safety rules of which one must be found,
    `not_cited` and `never` are source ids and words that must be nowhere in the answer.
    """

    id: str
    patient: str
    question: str
    kind: QuestionKind
    trap: str = ""
    cites: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    not_cited: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a person found on reading a claim beside its quote."""

    is_supported: bool
    remark: str


def read_patient_questions(path: Path) -> list[PatientQuestion]:
    """Return the questions. Raises: DataMissing, DataUnreadable, DataInvalid, DataEmpty."""
    found = [_question(row) for row in read_rows(path, wanted=WANTED)]
    if not found:
        raise DataEmpty(path, "there is no question in it")
    return found


def read_readings(path: Path) -> Mapping[str, Reading]:
    """Return the readings by the key of the claim that was read. Raises: DataMissing, DataUnreadable, DataInvalid."""
    found = {}
    for row in read_rows(path, wanted="readings of claims as JSON Lines"):
        supported = row.find("supported")
        if not isinstance(supported, bool):
            raise DataInvalid(row.where, "supported is missing, or neither true nor false")
        found[row.text("key")] = Reading(is_supported=supported, remark=row.optional_text("remark"))
    return found


def _question(row: Row) -> PatientQuestion:
    kind = row.text("kind")
    if kind not in list(QuestionKind):
        raise DataInvalid(row.where, f"kind is none of {', '.join(QuestionKind)}")
    lists = {
        name: row.texts(name) if row.find(name) is not None else ()
        for name in ("cites", "rules", "not_cited", "never")
    }
    return PatientQuestion(
        id=row.text("id", "_id"),
        patient=row.text("patient"),
        question=row.text("question"),
        kind=QuestionKind(kind),
        trap=row.optional_text("trap"),
        **lists,
    )
