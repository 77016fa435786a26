"""Rules of the house that no import contract can say."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from ehr_integration.chart.services import read_chart, read_patients

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("config", "clinical", "ehr_integration", "compliance", "audit")


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text())


def calls(tree: ast.Module, name: str) -> bool:
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == name
        for node in ast.walk(tree)
    )


def test_only_the_access_service_makes_a_grant() -> None:
    makers = [file for file, tree in sources() if calls(tree, "AccessGrant")]
    assert makers == ["compliance/access/services.py"]


def test_only_the_chart_reads_over_fhir() -> None:
    readers = [file for file, tree in sources() if calls(tree, "requests_to")]
    assert readers == ["ehr_integration/chart/services.py"]


def test_who_may_say_that_a_text_names_no_patient() -> None:
    sayers = [file for file, tree in sources() if calls(tree, "PublicText")]
    assert sayers == [
        "clinical/answers/charted/note_inputs.py",  # our own instructions
        "clinical/answers/statements/drafting.py",  # our own instructions; a passage under a public question
        "clinical/evaluation/suites/multiple_choice/asking.py",  # published questions of a data set
        "clinical/inference/benchmark/peers.py",  # words drawn at random
        "clinical/inference/benchmark/snapshots.py",
        "clinical/inference/remote/checks/questions.py",  # made-up questions of the probe
        "clinical/inference/wire.py",  # what the client's types have said already
        "clinical/reviews/services.py",  # a review's question, as its form asks
    ]


def test_every_door_to_a_chart_takes_a_grant() -> None:
    for reader in (read_chart, read_patients):
        first = next(iter(inspect.signature(reader).parameters.values()))
        assert "AccessGrant" in str(first.annotation)


# CDS clients prove who they are by a token of their own, and an EHR's launch begins before anyone is signed in.
PUBLIC = {
    *("sign-in", "schema", "smart-launch", "smart-start", "smart-callback", "client-keys"),
    *("cds-services", "cds-service", "cds-feedback"),
}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[tuple[str, str | None]]:
    for each in patterns:
        path = prefix + str(each.pattern).replace("<str:review_id>", "x").replace("<path:path>", "x")
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, path)
        else:
            yield path, each.name


def test_every_route_but_sign_in_and_schema_asks_who_you_are(db: None) -> None:
    client = Client()
    open_routes = {
        name
        for path, name in routes(get_resolver().url_patterns)
        for response in (client.get(path), client.post(path))
        if response.status_code not in {301, 302, 401, 403, 405}
        or "sign-in" not in response.get("Location", "sign-in")
    }
    assert open_routes <= PUBLIC


def test_every_variable_that_is_read_stands_in_the_example() -> None:
    readers = {"text", "required", "number", "folder", "items", "switch"}
    read = {
        str(node.args[0].value)
        for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in readers
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    example = (ROOT / ".env.example").read_text()
    assert sorted(name for name in read if f"{name}=" not in example) == []
    assert "TACIT_MODE" in read
