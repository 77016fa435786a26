"""The whole product, used as its users use it, and searched afterwards for what it should have forgotten."""

import base64
import csv
import json
import os
import secrets
import signal
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.product import QUESTION, ROOT, Product


def test_it_prints_its_address_and_each_demo_account_once(product: Product) -> None:
    output = product.output.read_text()
    assert product.url in output
    assert set(product.passwords) == {"alma", "carla", "ravi", "olga", "ada"}


def test_a_clinicians_question_is_answered_end_to_end(product: Product) -> None:
    with product.client("alma") as client:
        answer = client.post("/queries", json={"patient": "af-ckd", "question": QUESTION}).json()
        assert answer["status"] == "answered"
        for citation in (each for claim in answer["claims"] for each in claim["citations"]):
            source = client.get("/sources", params={"id": citation["source_id"]}).json()
            assert source["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert any(each["kind"] == "guideline" for claim in answer["claims"] for each in claim["citations"])
    assert any(claim["chart_references"] for claim in answer["claims"])


def test_the_ask_command_prints_one_json_object(product: Product) -> None:
    result = product.command("ask", "--patient", "af-ckd", "--mode", "fast", QUESTION, "--json")
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert answer["status"] == "answered"
    assert {"claims", "facts", "dropped_claims", "receipt_id"} <= set(answer)


def test_the_ask_command_says_when_the_corpus_does_not_hold_the_topic(product: Product) -> None:
    result = product.command(
        "ask", "--patient", "af-ckd", "Should this patient receive zorblaxumab, and with what?"
    )
    assert result.returncode == 0
    assert "Not enough evidence" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ask", "--patient", "af-ckd", ""), "The question is empty"),
        (("ask", "--patient", "af-ckd", "x" * 100_000), "shorten it"),
        (("ask", "--patient", "af-ckd", "a\x07b"), "control characters"),
        (("ask", "--patient", "nobody", QUESTION), "No such patient"),
        (("ask", "--as", "carla", "--patient", "af-ckd", QUESTION), "No such patient in your care"),
        (("ask", "--as", "ravi", "--patient", "af-ckd", QUESTION), "Your role may not do this"),
        (("ask", "--as", "nobody", "--patient", "af-ckd", QUESTION), "no account"),
        (("audit", "export", "--reason", "sample", "--since", "yesterday"), "is no date"),
        (("audit", "export", "--reason", "sample", "--as", "alma"), "Your role may not do this"),
        (("review", ""), "The question is empty"),
    ],
)
def test_a_wrong_command_gets_one_clear_error(
    product: Product, arguments: tuple[str, ...], message: str
) -> None:
    result = product.command(*arguments)
    assert result.returncode != 0
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_an_error_under_json_is_one_object_too(product: Product) -> None:
    result = product.command("ask", "--patient", "nobody", QUESTION, "--json")
    assert result.returncode == 1
    assert json.loads(result.stdout)["type"] == "urn:tacit:problem:patient-not-found"


def test_patients_are_listed(product: Product) -> None:
    patients = json.loads(product.command("patients", "--json").stdout)["patients"]
    assert len(patients) == 8


def test_a_review_is_written_by_the_worker(product: Product) -> None:
    result = product.command("review", "Does tamoridine relieve acute gout better than colchicine?", "--json")
    assert result.returncode == 0, result.stderr
    review = json.loads(result.stdout)
    assert review["status"] == "done"
    assert review["result"]["references"]


def test_the_officer_sees_who_asked_about_whom_and_no_content(product: Product) -> None:
    product.command("ask", "--patient", "sepsis", "--mode", "fast", QUESTION)
    package = product.home / "package"
    result = product.command(
        "audit",
        "export",
        "--reason",
        "sample",
        "--patient",
        "sepsis",
        "--format",
        "csv",
        "--output",
        str(package),
    )
    assert result.returncode == 0, result.stderr
    with (package / "events.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert ("alma", "ask", "sepsis", "TREAT", "success") in {
        (row["actor"], row["action"], row["patient_id"], row["purpose"], row["outcome"]) for row in rows
    }
    assert not [file for file in package.iterdir() if "labile INR" in file.read_text(errors="replace")]


def test_the_sealer_is_at_work_and_the_record_holds(product: Product) -> None:
    status = json.loads(product.command("audit", "status", "--json").stdout)
    assert status["lease"]["is_held"]
    assert status["checkpoint"]["size"] > 0
    verified = product.command("audit", "verify", "--json")
    assert verified.returncode == 0, verified.stdout


@pytest.mark.parametrize(
    ("variable", "value", "arguments", "problem"),
    [
        (
            "FHIR_BASE_URL",
            "http://127.0.0.1:9/fhir",
            ("ask", "--patient", "af-ckd", QUESTION),
            "ehr-unavailable",
        ),
        ("REDIS_URL", "redis://127.0.0.1:9/0", ("review", "Is tamoridine better?"), "queue-unavailable"),
    ],
)
def test_a_part_that_is_down_is_one_clear_error(
    product: Product, tmp_path: Path, variable: str, value: str, arguments: tuple[str, ...], problem: str
) -> None:
    alone = {variable: value, "TACIT_HOME": str(tmp_path)}
    result = product.command(*arguments, "--json", **alone)
    assert (result.returncode, json.loads(result.stdout)["type"]) == (1, f"urn:tacit:problem:{problem}")
    assert "Traceback" not in result.stderr
    told = product.command(*arguments, **alone)
    assert told.returncode == 1
    assert json.loads(result.stdout)["title"] in told.stderr


def test_without_a_model_the_sources_words_come_and_it_is_said(product: Product, tmp_path: Path) -> None:
    result = product.command(
        "ask", "--patient", "af-ckd", QUESTION, "--json", TACIT_MODEL="nowhere", TACIT_HOME=str(tmp_path)
    )
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["model"]) == ("answered", None)
    assert "The model gave no wording" in answer["message"]
    assert {claim["drafted_by"] for claim in answer["claims"] if claim["citations"]} == {"source"}


def test_an_engine_that_is_killed_is_back_for_the_next_question(product: Product) -> None:
    asked = {"patient": "af-ckd", "question": QUESTION}
    [engine] = product.processes("clinical.inference.engine.server")
    os.kill(engine, signal.SIGKILL)
    give_up_at = time.monotonic() + 30
    with product.client("alma") as client:
        while (response := client.post("/queries", json=asked)).json()["model"] is None:
            # Until it is back, the sources' own words come.
            assert response.json()["status"] == "answered"
            assert time.monotonic() < give_up_at
            time.sleep(0.5)


@pytest.mark.parametrize(("size", "status"), [(100_000, 413), (3_000_000, 413)])
def test_a_body_too_large_is_refused(product: Product, size: int, status: int) -> None:
    with product.client("alma") as client:
        response = client.post("/queries", json={"patient": "af-ckd", "question": "x" * size})
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_a_body_of_unknown_length_is_refused(product: Product) -> None:
    with product.client("alma") as client:
        assert client.post("/queries", content=iter([b"{}"])).status_code == 411


def encodings(canary: str) -> Iterator[bytes]:
    yield canary.encode()
    yield canary.encode("utf-16-le")
    yield canary.encode().hex().encode()
    for offset in range(3):
        # The characters at either end depend on their neighbours; the middle does not.
        yield base64.b64encode(b"x" * offset + canary.encode())[4:-4]


def decompressed(data: bytes) -> Iterator[bytes]:
    yield data
    for magic in (b"\x1f\x8b\x08", b"x\x9c", b"x\x01", b"x\xda"):
        start = data.find(magic)
        if start >= 0:
            try:
                yield zlib.decompressobj(wbits=47).decompress(data[start:], 10_000_000)
            except zlib.error:
                continue


def holders(canary: str, product: Product) -> list[str]:
    """Every place that holds the canary in any encoding: files of project, state and temp folder, and Redis."""
    needles = list(encodings(canary))
    found = []
    skipped = {".git", ".venv", "node_modules", ".mypy_cache", ".ruff_cache"}
    for folder in (product.home, ROOT):
        for file in folder.rglob("*"):
            if not file.is_file() or skipped & set(file.relative_to(folder).parts):
                continue
            if any(needle in text for text in decompressed(file.read_bytes()) for needle in needles):
                found.append(str(file))
    sockets = list(Path(product.environment["TACIT_HOME"]).rglob("redis.sock"))
    with redis.Redis(unix_socket_path=str(sockets[0])) as client:
        for key in client.scan_iter():
            if any(needle in part for part in (key, client.dump(key) or b"") for needle in needles):
                found.append(f"redis {key!r}")
        if any(needle in repr(client.slowlog_get()).encode() for needle in needles):
            found.append("redis slowlog")
    return found


def test_nothing_keeps_what_was_asked(product: Product) -> None:
    canary = f"canary{secrets.token_hex(8)}"
    question = f"Should this patient be anticoagulated with apixaban, {canary}?"
    with product.client("alma") as client:
        asked = {"patient": "af-ckd", "question": question}
        assert canary not in client.post("/queries", json=asked).json()["receipt"]["commitment"]
        with client.stream("POST", "/queries", json=asked, headers={"Accept": "text/event-stream"}) as stream:
            assert any("answer" in line for line in stream.iter_lines())
        with client.stream("POST", "/queries", json=asked, headers={"Accept": "text/event-stream"}) as stream:
            next(stream.iter_lines())
        client.post("/queries", json={"patient": canary, "question": question})
        client.post("/queries", content=f'{{"patient": "{canary}", broken')
        client.post("/queries", json={"patient": "af-ckd", "question": canary * 500})
        client.post("/queries", json={"patient": "af-ckd", "question": f"{canary}\x00"})
        client.get(f"/{canary}")
    with product.client("ravi") as client:
        review = client.post("/reviews", json={"question": question}).json()
        client.get(f"/reviews/{review['id']}")
    product.command("ask", "--patient", "af-ckd", question)
    product.command("ask", "--patient", canary, question, "--json")
    assert holders(canary, product) == []


def test_the_search_would_find_a_leak_in_each_place(product: Product) -> None:
    canary = f"planted{secrets.token_hex(8)}"
    state = Path(product.environment["TACIT_HOME"])
    planted = {
        state / "logs" / "planted.log": f"2026 INFO {canary}".encode(),
        state / "planted.bin": b"x" + canary.encode("utf-16-le"),
        Path(product.environment["TMPDIR"]) / "planted.b64": base64.b64encode(
            b"ab" + canary.encode() + b"cd"
        ),
        Path(product.environment["TMPDIR"]) / "planted.z": zlib.compress(canary.encode()),
    }
    for file, data in planted.items():
        file.write_bytes(data)
    [socket] = state.rglob("redis.sock")
    with redis.Redis(unix_socket_path=str(socket)) as client:
        client.set("planted", canary, ex=60)
        try:
            assert set(holders(canary, product)) == {*map(str, planted), "redis b'planted'"}
        finally:
            client.delete("planted")
            for file in planted:
                file.unlink()
