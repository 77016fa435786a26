"""Rows of MedCalc-Bench, in the forms that they come in."""

from datetime import date
from pathlib import Path

import pytest

from clinical.evaluation.data.medcalc import Case, Limits, read_answer, read_cases
from clinical.evaluation.errors import DataEmpty, DataInvalid, DataMissing
from tests.clinical.evaluation.folders import MEDCALC, write_lines

ROW = MEDCALC[0]


def read_one(tmp_path: Path, **changes: object) -> Case:
    return read_cases(write_lines(tmp_path / "rows.jsonl", [{**ROW, **changes}]))[0]


def test_a_row_says_what_was_asked_and_what_came_out(tmp_path: Path) -> None:
    case = read_one(tmp_path)
    assert (case.id, case.calculator, case.answer) == ("1", "Mean Arterial Pressure (MAP)", 93.333)
    assert case.entities["Systolic Blood Pressure"] == [120.0, "mm Hg"]
    assert (case.audited, case.is_unanswerable, case.is_agreed) == (93.33, False, True)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("25.238", 25.238),
        (4, 4.0),
        ("-1.5", -1.5),
        ("1,234.5", 1234.5),
        ("84 mm Hg", 84.0),
        ("09/23/2014", date(2014, 9, 23)),
        ("2014-09-23", date(2014, 9, 23)),
        ("('3 weeks', '4 days')", 25.0),
        ("(0 weeks, 6 days)", 6.0),
        ("1 week, 1 day", 8.0),
        ("two", None),
        (True, None),
        ("13/45/2014", None),
    ],
)
def test_an_answer_is_a_number_a_date_or_days(text: object, answer: object) -> None:
    assert read_answer(text) == answer


@pytest.mark.parametrize("text", ["N/A", "n/a", "NA", "not applicable"])
def test_where_the_auditors_found_no_answer_there_is_none(tmp_path: Path, text: str) -> None:
    case = read_one(tmp_path, audited_answer=text)
    assert (case.audited, case.is_unanswerable, case.is_agreed) == (None, True, False)


@pytest.mark.parametrize("text", [None, "", " "])
def test_a_row_that_nobody_audited_is_neither_agreed_nor_unanswerable(
    tmp_path: Path, text: str | None
) -> None:
    case = read_one(tmp_path, audited_answer=text)
    assert (case.audited, case.is_unanswerable, case.is_agreed) == (None, False, False)


def test_auditors_disagree_beyond_the_limits(tmp_path: Path) -> None:
    assert not read_one(tmp_path, audited_answer="110").is_agreed


@pytest.mark.parametrize(
    ("value", "holds"),
    [(95.0, True), (105.0, True), (94.9, False), (105.1, False), (date(2020, 1, 1), False)],
)
def test_limits_are_inclusive(value: float, holds: bool) -> None:
    assert Limits(95.0, 105.0).hold(value) is holds


def test_limits_of_a_negative_answer_may_come_the_other_way_round() -> None:
    assert Limits(-0.95, -1.05).hold(-1.0)


def test_a_result_may_be_rounded_as_the_rows_are() -> None:
    assert Limits(0.882, 0.9).hold(0.88196)


def test_a_date_is_right_only_on_the_day() -> None:
    limits = Limits(date(2014, 9, 23), date(2014, 9, 23))
    assert limits.hold(date(2014, 9, 23))
    assert not limits.hold(date(2014, 9, 24))
    assert not limits.hold(23.0)


def test_without_limits_five_percent_either_way_are_right_and_whole_numbers_as_they_are(
    tmp_path: Path,
) -> None:
    decimal = read_one(tmp_path, answer="100", lower=None, upper=None)
    assert decimal.limits == Limits(95.0, 105.0)
    whole = read_one(tmp_path, answer="4", lower=None, upper=None, output_type="integer")
    assert whole.limits == Limits(4.0, 4.0)


def test_the_original_s_columns_and_python_literals_are_read_from_csv(tmp_path: Path) -> None:
    file = tmp_path / "test_data.csv"
    file.write_text(
        "Row Number,Calculator Name,Patient Note,Question,Relevant Entities,Ground Truth Answer,Lower Limit,"
        "Upper Limit,Output Type\n"
        "7,Body Mass Index (BMI),\"80 kg, 180 cm.\",BMI?,\"{'weight': [80.0, 'kg'], 'height': [180, 'cm']}\","
        "24.691,23.456,25.926,decimal\n"
    )
    (case,) = read_cases(file)
    assert (case.id, case.entities["weight"], case.limits.lower) == ("7", [80.0, "kg"], 23.456)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"calculator": None}, "calculator"),
        ({"entities": None}, "entities"),
        ({"entities": "{'weight': open('x')}"}, "entities"),
        ({"entities": [1]}, "entities"),
        ({"answer": "unclear"}, "an answer or a limit"),
        ({"lower": "low"}, "an answer or a limit"),
        ({"audited_answer": "perhaps 4 or 5"}, "an answer or a limit"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(tmp_path: Path, changes: dict[str, object], what: str) -> None:
    with pytest.raises(DataInvalid, match=rf"rows\.jsonl, line 1: {what}"):
        read_one(tmp_path, **changes)


def test_no_file_and_no_row_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataMissing):
        read_cases(tmp_path / "nowhere.jsonl")
    with pytest.raises(DataEmpty):
        read_cases(write_lines(tmp_path / "rows.jsonl", []))
