"""Questions with the specialties that are right for them, and what of a chart they come with."""

from datetime import date
from pathlib import Path

import pytest

from clinical.evaluation.data.routed import RoutedQuestion, read_routed
from clinical.evaluation.errors import DataEmpty, DataInvalid
from ehr_integration.chart.domain import Category
from tests.clinical.evaluation.folders import write_lines

ON = date(2026, 11, 26)
ROW = {"question": "Which inhaler?", "labels": ["paediatrics"]}


def read(tmp_path: Path, **changes: object) -> RoutedQuestion:
    file = write_lines(tmp_path / "q.jsonl", [ROW | changes])
    return read_routed(file, known=("cardiology", "paediatrics"), on=ON)[0]


def test_a_question_without_half_and_chart_is_whole(tmp_path: Path) -> None:
    question = read(tmp_path)
    assert (question.labels, question.half, question.chart) == (("paediatrics",), "all", None)


def test_a_chart_has_what_the_row_says(tmp_path: Path) -> None:
    given = {"age_years": 6, "is_pregnant": True, "conditions": ["Asthma"], "medicines": ["Salbutamol"]}
    chart = read(tmp_path, chart=given).chart
    assert chart is not None
    assert chart.patient.age_years(ON) == 6
    assert [fact.category for fact in chart.facts] == [
        Category.CONDITIONS,
        Category.MEDICATIONS,
        Category.PREGNANCY,
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": ["surgery"]}, "labels must be of cardiology, paediatrics"),
        ({"labels": []}, "labels must be of"),
        ({"chart": [1]}, "its chart is no object"),
        ({"chart": {"age_years": "six"}}, "age_years is no whole number"),
        ({"chart": {"conditions": "Asthma"}}, "conditions is missing or no list"),
    ],
)
def test_a_wrong_row_is_named_by_its_place(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(DataInvalid, match=message) as caught:
        read(tmp_path, **changes)
    assert "line 1" in str(caught.value)


def test_a_file_without_questions_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataEmpty):
        read_routed(write_lines(tmp_path / "q.jsonl", []), known=("cardiology",), on=ON)
