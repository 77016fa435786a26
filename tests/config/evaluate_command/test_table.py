"""Figures for a person, and for a program."""

from config.evaluate_command.table import figure_lines, rounded

FIGURES = {"f1": 0.123456, "f1_ci": (0.1, 0.2), "none": None, "by_class": {"yes": {"rows": 3}}, "skipped": {}}


def test_fractions_are_rounded_wherever_they_stand() -> None:
    assert rounded({"a": [0.123456, {"b": 2.00001}], "c": (1, 0.5), "d": "0.123456"}) == {
        "a": [0.1235, {"b": 2.0}],
        "c": [1, 0.5],
        "d": "0.123456",
    }


def test_an_interval_stands_beside_its_figure_and_groups_are_indented() -> None:
    lines = [
        " ".join(line.split()) if line[0] != " " else line.rstrip() for line in figure_lines(rounded(FIGURES))
    ]
    assert lines[:3] == ["f1 0.1235 (95% interval 0.1 to 0.2)", "none -", "by_class"]
    assert lines[3] == "  yes"
    assert lines[4].startswith("    rows")
    assert lines[5] == "skipped -"
