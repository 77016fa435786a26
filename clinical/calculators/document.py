"""A calculator and a result as JSON documents: what the API returns and the command prints."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from clinical.calculators.charts.filling import Filled
from clinical.calculators.domain import Input, Result, Source, Value
from clinical.calculators.registry import AnyCalculator

# The kinds of an input, in words.
KINDS = ("number", "whole number", "yes or no", "choice", "date")


def calculator_document(calculator: AnyCalculator) -> dict[str, Any]:
    """Return what a calculator asks for, what its number means, and where it is from."""
    return {
        "name": calculator.name,
        "title": calculator.title,
        "topic": calculator.topic,
        "unit": calculator.unit,
        "inputs": [input_document(each) for each in calculator.inputs.values()],
        "bands": [{"at_least": band.at_least, "meaning": band.meaning} for band in calculator.bands],
        "note": calculator.note,
        "sources": [source_document(each) for each in calculator.sources],
    }


def input_document(asked: Input) -> dict[str, Any]:
    """Return one input: `kind` is number, whole number, yes or no, choice or date."""
    return {
        "name": asked.name,
        "label": asked.asked.label,
        "kind": kind_of(asked),
        "unit": asked.asked.unit,
        "low": asked.asked.low,
        "high": asked.asked.high,
        "choices": list(asked.choices),
        "is_required": asked.is_required,
    }


def kind_of(asked: Input) -> str:
    """Return the kind of an input in words."""
    words = {bool: "yes or no", int: "whole number", float: "number", date: "date"}
    return words.get(asked.kind, "choice")


def source_document(source: Source) -> dict[str, Any]:
    """Return a source with its address."""
    return {
        "text": source.text,
        "doi": source.doi or None,
        "pmid": source.pmid or None,
        "url": source.address,
    }


def result_document(
    calculator: AnyCalculator, result: Result, values: Mapping[str, Value], filled: Collection[Filled] = ()
) -> dict[str, Any]:
    """Return a result with every input that it rests on, and where that is from."""
    from_chart = {each.name: each for each in filled}
    return {
        "name": calculator.name,
        "title": calculator.title,
        "value": json_value(result.value),
        "unit": calculator.unit,
        "text": result.text,
        "meaning": result.meaning,
        "inputs": [
            used_document(calculator.inputs[name], value, from_chart.get(name))
            for name, value in values.items()
        ],
        "note": calculator.note,
        "sources": [source_document(each) for each in calculator.sources],
    }


def used_document(asked: Input, value: Value, filled: Filled | None) -> dict[str, Any]:
    """Return an input as it was used; see `origin_of`."""
    return {
        "name": asked.name,
        "label": asked.asked.label,
        "value": json_value(value),
        "unit": asked.asked.unit,
        "origin": origin_of(filled),
        "text": filled.text if filled else "",
        "reference": filled.reference if filled else "",
        "date": filled.on.isoformat() if filled and filled.on else None,
        "age_days": filled.age_days if filled else None,
    }


def origin_of(filled: Filled | None) -> str:
    """Return where a value is from: given, note, chart, or assumed (not recorded, counted as not there)."""
    if filled is None:
        return "given"
    if filled.is_from_note:
        return "note"
    return "assumed" if filled.is_assumed else "chart"


def json_value(value: Value) -> bool | int | float | str:
    """Return a value as JSON has it: a date in ISO 8601."""
    return value.isoformat() if isinstance(value, date) else value
