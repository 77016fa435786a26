"""`manage.py evaluate gate`, as a release runs it."""

import io
import json
from functools import partial
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.config import running

run, run_json = partial(running.run, "evaluate", "gate"), partial(running.run_json, "evaluate", "gate")

BASELINE = """
[direction]
macro_f1 = { value = 0.79, tolerance = 0.01 }
[safety]
unsafe = { value = 0.0, tolerance = 0.01, better = "lower" }
"""


@pytest.fixture
def baseline(tmp_path: Path) -> Path:
    file = tmp_path / "baseline.toml"
    file.write_text(BASELINE)
    return file


def figures(tmp_path: Path, suite: str, **values: object) -> Path:
    file = tmp_path / f"{suite}.json"
    file.write_text(json.dumps({"suite": suite, **values}))
    return file


def told(*arguments: str | Path) -> str:
    """Return the one line of a failure."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("evaluate", "gate", *map(str, arguments), stdout=out, stderr=io.StringIO())
    assert out.getvalue() == ""
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_figures_that_hold_pass(baseline: Path, tmp_path: Path) -> None:
    good = figures(tmp_path, "direction", macro_f1=0.785), figures(tmp_path, "safety", unsafe=0)
    found = run_json("--baseline", baseline, "--figures", *good)
    assert (found["passes"], len(found["held"]), found["fallen"]) == (True, 2, [])
    assert "2 figures hold, 0 fell" in run("--baseline", baseline, "--figures", *good)


def test_what_fell_is_listed_with_exit_code_1(baseline: Path, tmp_path: Path) -> None:
    bad = figures(tmp_path, "direction", macro_f1=0.7), figures(tmp_path, "safety", unsafe=0.2)
    found = run_json("--baseline", baseline, "--figures", *bad, code=1)
    assert found["passes"] is False
    assert [(each["label"], each["measured"]) for each in found["fallen"]] == [
        ("direction", 0.7),
        ("safety", 0.2),
    ]
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command(
            *("evaluate", "gate", "--baseline", str(baseline), "--figures", *map(str, bad)), stdout=out
        )
    assert "FELL   direction: macro_f1 0.7 (at least 0.78)" in out.getvalue()
    assert "FELL   safety: unsafe 0.2 (at most 0.01)" in out.getvalue()


def test_what_was_not_measured_is_noted_and_fails_where_all_is_asked(baseline: Path, tmp_path: Path) -> None:
    arguments = ("--baseline", baseline, "--figures", figures(tmp_path, "direction", macro_f1=0.8))
    found = run_json(*arguments)
    assert (found["passes"], found["not_measured"]) == (True, ["safety: unsafe"])
    assert run_json(*arguments, "--all", code=1)["passes"] is False


def test_an_update_writes_what_then_holds(baseline: Path, tmp_path: Path) -> None:
    arguments = ("--baseline", baseline, "--figures", figures(tmp_path, "direction", macro_f1=0.7))
    assert "direction: macro_f1 was 0.79, is 0.7" in run(*arguments, "--update")
    assert run_json(*arguments)["passes"] is True
    assert "tolerance = 0.01" in baseline.read_text()


def test_a_first_baseline_is_written_from_the_figures(tmp_path: Path) -> None:
    arguments = ("--baseline", tmp_path / "new.toml", "--figures", figures(tmp_path, "intake", good=0.5))
    assert run_json(*arguments, "--update")["figures"][0]["figure"] == "good"
    assert run_json(*arguments)["passes"] is True


def test_runs_of_one_suite_are_told_apart_by_name(tmp_path: Path, baseline: Path) -> None:
    file = figures(tmp_path, "direction", macro_f1=0.8)
    found = run_json("--baseline", baseline, "--figures", f"direction={file}", f"other={file}")
    assert len(found["held"]) == 1
    assert "given twice" in told("--baseline", baseline, "--figures", file, file)


def test_files_that_cannot_be_used_are_told(tmp_path: Path, baseline: Path) -> None:
    no_json, no_suite = tmp_path / "a.json", tmp_path / "b.json"
    no_json.write_text("{")
    no_suite.write_text("[]")
    for file, message in ((no_json, "no JSON"), (no_suite, "no suite"), (tmp_path / "c.json", "missing")):
        assert message in told("--baseline", baseline, "--figures", file)
    good = figures(tmp_path, "direction", macro_f1=0.8)
    assert "missing" in told("--baseline", tmp_path / "none.toml", "--figures", good)
    nowhere = tmp_path / "no" / "folder.toml"
    assert "cannot be written" in told("--baseline", nowhere, "--figures", good, "--update")
