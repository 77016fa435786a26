"""The rules, read once; a rule that cannot be is an error at start, not at a bedside."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from clinical.safety.domain import Kind, Limit, Rule, Severity

TABLES = Path(__file__).with_name("tables")
LONGEST_SUMMARY = 110  # names of medicines are filled in; a card's summary has less than 140 characters
LABELS = "https://dailymed.nlm.nih.gov/dailymed/search.cfm?query="


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules, kind by kind. Raises: ValueError, KeyError for a table that is wrong."""
    return tuple(rule for kind in Kind for rule in _rules(kind))


def _rules(kind: Kind) -> Iterator[Rule]:
    for rule_id, entry in _toml(f"rules/{kind.value}.toml").items():
        try:
            yield _rule(rule_id, kind, entry)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{kind.value}.toml [{rule_id}]: {error}") from error


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((TABLES / name).read_text("utf-8"))


def _rule(rule_id: str, kind: Kind, entry: Mapping[str, Any]) -> Rule:
    if len(entry["summary"]) > LONGEST_SUMMARY:
        raise ValueError(f"the summary has more than {LONGEST_SUMMARY} characters")
    source, url = _source(entry)
    mechanism = entry["mechanism"]
    return Rule(
        id=rule_id,
        version=entry.get("version", "1"),
        kind=kind,
        severity=Severity(entry["severity"]),
        summary=entry["summary"],
        mechanism=mechanism,
        detail=" ".join(filter(None, [mechanism, entry.get("detail", "")])),
        options=tuple(entry["options"]),
        source=source,
        url=url,
        drugs=_drugs(kind, entry),
        allergy=_listed(entry.get("allergy", [])),
        reaction=_listed(entry.get("reaction", [])),
        condition=_conditions(kind, entry),
        unless=_listed(entry.get("unless", [])),
        limit=_limit(entry),
        except_for=_listed(entry.get("except_for", [])),
        over_mg=entry.get("over_mg"),
        **{flag: entry.get(flag, False) for flag in ("both_ways", "needs_proposal", "local", "once")},
    )


def _source(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Return citation and address: of a label by medicine and section, or of what sources.toml names."""
    if "label" in entry:
        medicine, section = entry["label"].split(", ", 1)
        return f"US prescribing information of {medicine}, {section}", LABELS + medicine.replace(" ", "+")
    source = _toml("sources.toml")[entry["source"]]
    return source["title"], source["url"]


def _drugs(kind: Kind, entry: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    if "drug" in entry:
        drug = _listed(entry["drug"])
        return (drug, drug) if kind is Kind.DUPLICATE else (drug,)
    return tuple(_listed(entry[place]) for place in ("first", "second", "third") if place in entry)


def _conditions(kind: Kind, entry: Mapping[str, Any]) -> tuple[str, ...]:
    if kind in (Kind.PREGNANCY, Kind.LACTATION):
        return (kind.value,)
    return _listed(entry.get("condition", []))


def _limit(entry: Mapping[str, Any]) -> Limit | None:
    if "measure" not in entry:
        return None
    return Limit(measure=entry["measure"], below=entry.get("below"), at_least=entry.get("at_least"))


def _listed(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
