"""The rules, read once; a rule that cannot be is an error at start, not at a bedside."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from clinical.safety.domain import Kind, Rule, Severity

TABLE = Path(__file__).with_name("rules.toml")
LONGEST_SUMMARY = 110  # names of medicines are filled in; a card's summary has less than 140 characters


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules in their order. Raises: ValueError, KeyError for a table that is wrong."""
    return tuple(_rule(rule_id, entry) for rule_id, entry in tomllib.loads(TABLE.read_text("utf-8")).items())


def _rule(rule_id: str, entry: dict[str, Any]) -> Rule:
    if len(entry["summary"]) > LONGEST_SUMMARY:
        raise ValueError(f"[{rule_id}] summary: more than {LONGEST_SUMMARY} characters")
    return Rule(
        id=rule_id,
        version=entry["version"],
        kind=Kind(entry["kind"]),
        severity=Severity(entry["severity"]),
        summary=entry["summary"],
        detail=entry["detail"],
        options=tuple(entry["options"]),
        source=entry["source"],
        url=entry["url"],
        first=entry.get("first") or entry.get("allergy") or entry.get("drug", ""),
        second=entry.get("second") or entry.get("drug", ""),
        below=entry.get("below"),
    )
