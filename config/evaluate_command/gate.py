"""`manage.py evaluate gate`: what the suites wrote, beside the last release's."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from clinical.evaluation.baseline import baseline_text, read_baseline, updated
from clinical.evaluation.errors import FiguresInvalid
from clinical.evaluation.gate import Floor, Outcome, Standing, judge
from config.evaluate_command.suite import write_text
from config.subcommand import Output, Subcommand


class Gate(Subcommand):
    """Compares figures with a baseline."""

    name = "gate"
    help = "Compare figures that suites wrote with a baseline; exit code 1 where one has fallen."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--baseline", type=Path, required=True, metavar="FILE", help="the last release's figures"
        )
        parser.add_argument(
            "--figures",
            nargs="+",
            required=True,
            metavar="FILE",
            help="what suites wrote with --output; NAME=FILE where a suite was run more than once",
        )
        parser.add_argument(
            "--all", action="store_true", help="fail where the baseline names what was not measured, too"
        )
        parser.add_argument(
            "--update", action="store_true", help="write the figures into the baseline instead"
        )

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Say what fell, and end with exit code 1 where something did. Raises: EvaluationError."""
        measured = _measured(options["figures"])
        if options["update"]:
            _update(options["baseline"], measured, output)
            return
        outcome = judge(read_baseline(options["baseline"]), measured)
        passes = not outcome.fallen and not (options["all"] and outcome.not_measured)
        output.document(_document(outcome, passes=passes))
        _tell(outcome, output)
        if not passes:
            raise SystemExit(1)


def _measured(named: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Return the figures by label. Raises: FiguresInvalid."""
    found: dict[str, Mapping[str, Any]] = {}
    for each in named:
        name, is_named, path = each.partition("=")
        file = Path(path if is_named else each)
        figures = _figures(file)
        label = name if is_named else str(figures["suite"])
        if label in found:
            raise FiguresInvalid(file, f"{label} is given twice: tell them apart as NAME=FILE")
        found[label] = figures
    return found


def _figures(file: Path) -> Mapping[str, Any]:
    try:
        figures = json.loads(file.read_text("utf-8"))
    except OSError:
        raise FiguresInvalid(file, "it cannot be read: it is missing, or its mode forbids it") from None
    except ValueError:
        raise FiguresInvalid(file, "no JSON") from None
    if not isinstance(figures, dict) or "suite" not in figures:
        raise FiguresInvalid(file, "it names no suite")
    return figures


def _update(file: Path, measured: Mapping[str, Mapping[str, Any]], output: Output) -> None:
    before = read_baseline(file) if file.exists() else []
    after = updated(before, measured)
    write_text(file, baseline_text(after))
    output.document({"baseline": str(file), "figures": [_floor_document(floor) for floor in after]})
    was = {floor.name: floor.value for floor in before}
    for floor in after:
        if floor.value != was.get(floor.name):
            output.line(f"{floor.name} was {was.get(floor.name, 'not there')}, is {floor.value}")
    output.line(f"Wrote {file}: {len(after)} figures")


def _tell(outcome: Outcome, output: Output) -> None:
    for standing in [*outcome.held, *outcome.fallen]:
        output.line(_line(standing))
    for label in dict.fromkeys(floor.label for floor in outcome.not_measured):
        output.note(f"{label} was not measured: no file of its figures was given")
    output.line(f"{len(outcome.held)} figures hold, {len(outcome.fallen)} fell")


def _line(standing: Standing) -> str:
    floor = standing.floor
    bound = "at most" if floor.lower_is_better else "at least"
    value = "missing" if standing.value is None else f"{standing.value:g}"
    return f"{'holds' if standing.passes else 'FELL '}  {floor.name} {value} ({bound} {floor.limit:g})"


def _document(outcome: Outcome, *, passes: bool) -> dict[str, object]:
    return {
        "passes": passes,
        "held": [_standing_document(each) for each in outcome.held],
        "fallen": [_standing_document(each) for each in outcome.fallen],
        "not_measured": [floor.name for floor in outcome.not_measured],
    }


def _standing_document(standing: Standing) -> dict[str, object]:
    return {**_floor_document(standing.floor), "measured": standing.value}


def _floor_document(floor: Floor) -> dict[str, object]:
    return {
        "label": floor.label,
        "figure": floor.figure,
        "baseline": floor.value,
        "tolerance": floor.tolerance,
        "better": "lower" if floor.lower_is_better else "higher",
    }
