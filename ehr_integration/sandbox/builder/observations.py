"""Measurements: rows of a date and its values become one Observation a value."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ehr_integration.sandbox.builder.terms import UCUM, Entry, Resource, concept, hl7_concept, moment

CATALOGUE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("observations.toml").read_text("utf-8"))


def observations(subject: Resource, rows: list[Entry]) -> Iterator[tuple[str, Resource]]:
    """Pairs of "creatinine-3" and the Observation's elements, numbered in the order of the rows.

    A value is a number, "systolic/diastolic", a table with `value` and `fhir`, or a list of these.
    """
    numbers: Counter[str] = Counter()
    for row in rows:
        for name, cell in row.items():
            if name == "at":
                continue
            for reading in cell if isinstance(cell, list) else [cell]:
                numbers[name] += 1
                yield f"{name}-{numbers[name]}", _observation(subject, name, row, reading)


def _observation(subject: Resource, name: str, row: Entry, reading: object) -> Resource:
    kind = CATALOGUE[name]
    value, replaced = (reading["value"], reading["fhir"]) if isinstance(reading, dict) else (reading, {})
    return {
        "status": "final",
        "category": [hl7_concept("observation-category", kind["category"])],
        "code": concept(kind),
        "subject": subject,
        "effectiveDateTime": moment(row["at"]),
        **_value(kind, value),
        **replaced,
    }


def _value(kind: Entry, value: object) -> Resource:
    if "components" not in kind:
        return {"valueQuantity": _quantity(kind, value)}
    parts = [CATALOGUE[name] for name in kind["components"]]
    readings = [int(text) for text in str(value).split("/")]
    return {
        "component": [
            {"code": concept(part), "valueQuantity": _quantity(part, reading)}
            for part, reading in zip(parts, readings, strict=True)
        ]
    }


def _quantity(kind: Entry, value: object) -> Resource:
    return {"value": value, "unit": kind.get("unit", kind["ucum"]), "system": UCUM, "code": kind["ucum"]}
