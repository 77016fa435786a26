"""The calculators' suite over answers that are scripted, and over our own calculators."""

from datetime import date
from pathlib import Path

import pytest

from clinical.evaluation.data.medcalc import Answer, Case, Limits, read_cases
from clinical.evaluation.medcalc.answering import UNKNOWN_CALCULATOR, Outcome, from_entities, from_note
from clinical.evaluation.suites.calculators import (
    READ_OTHERWISE,
    UNEXPLAINED,
    WE_READ_OTHERWISE,
    evaluate_calculators,
)
from tests.clinical.evaluation.folders import MEDCALC, write_lines


def case(
    number: int, *, answer: Answer = 10.0, audited: Answer | None = None, is_unanswerable: bool = False
) -> Case:
    return Case(
        id=str(number),
        calculator="Delta Ratio",
        question="",
        note="",
        entities={},
        answer=answer,
        limits=Limits(answer, answer),
        audited=audited,
        is_unanswerable=is_unanswerable,
        is_exact=True,
    )


CASES = (
    case(1, audited=10.0),
    case(2, audited=10.0),
    case(3, audited=12.0),
    case(4, audited=12.0),
    case(5, is_unanswerable=True),
    case(6, is_unanswerable=True),
    case(7),
    case(8, answer=date(2020, 1, 1), audited=date(2020, 1, 1)),
)
OURS: dict[str, Answer | None] = {
    "1": 10.0,
    "2": None,
    "3": 12.0,
    "4": 10.0,
    "5": None,
    "6": 9.0,
    "7": 10.0,
    "8": date(2020, 1, 1),
}


def answer(one: Case) -> Outcome:
    return Outcome(OURS[one.id], "" if OURS[one.id] is not None else "too little is told")


def test_shares_are_of_the_rows_that_they_are_about() -> None:
    found = evaluate_calculators(CASES, answer)
    assert found["within_limits"] == 4 / 8
    assert found["audited_within_limits"] == 2 / 3
    assert found["audited_all_within_limits"] == 3 / 5
    assert found["abstained_on_na"] == 1 / 2
    assert (found["rows"], found["rows_agreed"], found["rows_audited"], found["rows_na"]) == (8, 3, 5, 2)
    assert (found["abstained"], found["abstained_on_agreed"]) == (2, 1)
    assert found["abstained_because"] == {"too little is told": 2}
    low, high = found["within_limits_ci"]
    assert 0 <= low < 0.5 < high <= 1
    assert found["p50_ms"] >= 0


def test_each_difference_says_why() -> None:
    found = {each["id"]: each for each in evaluate_calculators(CASES, answer)["differences"]}
    assert set(found) == {"2", "3", "4", "6"}
    assert found["2"] == {
        "id": "2",
        "calculator": "Delta Ratio",
        "ours": None,
        "answer": 10.0,
        "audited_answer": 10.0,
        "why": "too little is told",
    }
    assert found["3"]["why"] == UNEXPLAINED
    assert found["4"]["why"] == READ_OTHERWISE
    assert (found["6"]["audited_answer"], found["6"]["why"]) == ("N/A", UNEXPLAINED)


def test_without_rows_of_a_kind_there_is_no_share() -> None:
    found = evaluate_calculators([case(7)], answer)
    assert (found["audited_within_limits"], found["abstained_on_na"]) == (None, None)
    assert found["audited_within_limits_ci"] is None


@pytest.fixture
def rows(tmp_path: Path) -> tuple[Case, ...]:
    return read_cases(write_lines(tmp_path / "rows.jsonl", MEDCALC))


def test_entities_are_computed_where_the_note_supports_them(rows: tuple[Case, ...]) -> None:
    values = [from_entities(each) for each in rows]
    assert values[0].value == pytest.approx(93.33, abs=0.01)
    assert values[1].value == 9
    assert values[2].value is None
    assert values[3] == Outcome(None, UNKNOWN_CALCULATOR)


def test_a_note_alone_is_computed_without_the_entities(rows: tuple[Case, ...]) -> None:
    values = [from_note(each) for each in rows]
    assert values[0].value == pytest.approx(93.33, abs=0.01)
    assert values[3] == Outcome(None, UNKNOWN_CALCULATOR)


def test_a_note_that_was_read_otherwise_is_told_from_a_formula_that_differs(rows: tuple[Case, ...]) -> None:
    found = evaluate_calculators(rows[1:2], lambda _: Outcome(12.0))
    assert found["differences"][0]["why"] == WE_READ_OTHERWISE
    found = evaluate_calculators(rows[1:2], lambda _: Outcome(9.0))
    assert "Pugh" in found["differences"][0]["why"]
