"""docs/connecting.md says what each finding means."""

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROW = re.compile(r"^\| [a-z-]+ \| `([a-z0-9-]+)` \| ([a-z, ]+) \|", re.M)


def found_in_code() -> dict[str, set[str]]:
    """The severities of each code, as the checks make their findings."""
    severities: defaultdict[str, set[str]] = defaultdict(set)
    for file in (ROOT / "ehr_integration/doctor").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_finding", "DoctorFinding"):
                code, severity = node.args[:2]
                assert isinstance(code, ast.Constant), "a code stands in the call, so that it can be found"
                said = re.findall(r"Severity\.([A-Z]+)", ast.unparse(severity))
                severities[str(code.value)] |= {each.lower() for each in said}
    return dict(severities)


def test_the_document_has_each_code_with_its_severities_and_no_other():
    rows = ROW.findall((ROOT / "docs/connecting.md").read_text())
    documented = {code: set(severities.split(", ")) for code, severities in rows}
    assert len(rows) == len(documented)
    assert documented == found_in_code()
