"""Reads what BALP's FHIR Shorthand sources demand: cardinalities, fixed codes, bindings, slices and invariants."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from audit.balp.codes import BALP

CARDINALITY = re.compile(r"(\d+)\.\.(\d+|\*)?(?= |$)")
ONE_VALUE = ("action", "outcome")  # primitives: their code has no system


@dataclass
class Facts:
    """What one profile demands, without its parent."""

    parent: str = ""
    cardinalities: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    codes: dict[str, frozenset[str]] = field(default_factory=dict)
    observers: set[str] = field(default_factory=set)
    patients: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)


class Sources:
    """The .fsh files of a folder."""

    def __init__(self, folder: Path) -> None:
        text = "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.fsh")))
        text = re.sub(r'"""[\s\S]*?"""', '""', text)
        text = re.sub(r"(^|\s)//.*$", "", text, flags=re.M)
        self.aliases = dict(re.findall(r"^Alias:\s*(\S+)\s*=\s*(\S+)", text, re.M))
        self.blocks: dict[str, dict[str, str]] = defaultdict(dict)
        for kind, name, body in re.findall(
            r"^(\w+):[ \t]*(\S+)[ \t]*\n([\s\S]*?)(?=^(?:Profile|CodeSystem|ValueSet|Instance|Invariant|Extension|RuleSet|Alias|Mapping):|\Z)",
            text,
            re.M,
        ):
            self.blocks[kind][name] = body

    def profiles(self) -> dict[str, Facts]:
        """Every profile's facts by its id."""
        facts = {}
        for body in self.blocks["Profile"].values():
            identity = re.search(r"^Id:\s*(\S+)", body, re.M)
            assert identity is not None
            facts[identity[1]] = self.facts(body)
        return facts

    def facts(self, body: str) -> Facts:
        found = Facts()
        parent = re.search(r"^Parent:\s*(\S+)", body, re.M)
        assert parent is not None
        found.parent = parent[1]
        for written in statements(body):
            for rule in expanded(written):
                self.read(rule, found)
        return found

    def read(self, rule: str, found: Facts) -> None:
        path, _, rest = rule.partition(" ")
        if rest.startswith("contains "):
            for name, low, high in re.findall(r"(\w+) (\d+)\.\.(\d+|\*)?", rest):
                found.cardinalities[f"{path}[{name}]"] = (int(low), bound(high))
        elif rest.startswith("= "):
            found.codes[path] = frozenset({self.code(path, rest[2:].split(' "')[0].strip())})
        elif rest.startswith("from "):
            found.codes[path] = frozenset(self.code(path, each) for each in self.members(rest.split()[1]))
        elif (times := CARDINALITY.match(rest)) and (bounds := (int(times[1]), bound(times[2]))) != (0, None):
            found.cardinalities[path] = bounds
        for said, paths in (
            ("obeys val-audit-source", found.observers),
            ("only Reference(Patient)", found.patients),
            ("^slicing.rules = #closed", found.closed),
        ):
            if rest == said:
                paths.add(path)

    def members(self, value_set: str) -> list[str]:
        codes = []
        for rule in statements(self.blocks["ValueSet"][value_set]):
            if whole := re.fullmatch(r"codes from system (\S+)", rule):
                own = re.findall(r"^\* #(\S+)", self.blocks["CodeSystem"][whole[1]], re.M)
                codes += [f"{whole[1]}#{each}" for each in own]
            elif not rule.startswith("^"):
                codes.append(rule.split()[0])
        return codes

    def code(self, path: str, written: str) -> str:
        system, _, code = written.partition("#")
        if not code:
            return system
        if path in ONE_VALUE:
            return code
        if system in self.blocks["CodeSystem"]:
            return f"{BALP}/CodeSystem/{system}|{code}"
        return f"{self.aliases.get(system, system)}|{code}"


def statements(body: str) -> list[str]:
    """The rules of a block, each on one line."""
    return [" ".join(rule.split()) for rule in re.split(r"^\* ", body, flags=re.M)[1:]]


def expanded(rule: str) -> list[str]:
    """The rules that BALP's one rule set stands for; any other rule as it is."""
    insert = re.fullmatch(r"insert requireAtLeastOneMatch\((\w+), (\w+), (\S+) ?\)", rule)
    if insert is None:
        return [rule]
    path, name, pattern = insert.groups()
    return [f"{path} contains {name} 1..1", f"{path}[{name}] = {pattern}"]


def bound(written: str | None) -> int | None:
    return None if written in ("", "*", None) else int(str(written))
