"""`manage.py evaluate`, as an engineer uses it: one object on standard output, one line for a failure."""

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config.management.commands.evaluate import SUITES
from tests.clinical.evaluation.folders import (
    CHOICES,
    CLAIM_CORPUS,
    CLAIMS,
    DOCUMENTS,
    MEDCALC,
    QUESTIONS,
    ROUTED,
    TRIALS,
    VIGNETTES,
    write_beir,
    write_lines,
)
from tests.config.evaluate_command.models import KNOWING, script_models

ROOT = Path(__file__).parents[3]


@pytest.fixture
def data(tmp_path: Path) -> dict[str, list[str]]:
    """The arguments of each suite, over tiny data."""
    claims = write_lines(tmp_path / "claims.jsonl", CLAIMS)
    corpus = write_lines(tmp_path / "abstracts.jsonl", CLAIM_CORPUS)
    return {
        "retrieval": ["--data", str(write_beir(tmp_path / "beir"))],
        "verification": ["--data", str(claims), "--corpus", str(corpus)],
        "direction": ["--data", str(write_lines(tmp_path / "trials.jsonl", TRIALS))],
        "pubmedqa": ["--data", str(write_lines(tmp_path / "questions.jsonl", QUESTIONS))],
        "calculators": ["--data", str(write_lines(tmp_path / "medcalc.jsonl", MEDCALC))],
        "intake": ["--data", str(write_records(tmp_path / "records"))],
        "specialties": ["--data", str(write_lines(tmp_path / "routed.jsonl", ROUTED))],
        "safety": ["--data", str(write_lines(tmp_path / "vignettes.jsonl", VIGNETTES))],
        "multiple-choice": [
            *("--data", str(write_lines(tmp_path / "choices.jsonl", CHOICES))),
            *("--model", KNOWING),
        ],
    }


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models that follow a script; the real engine has tests of its own."""
    script_models(monkeypatch)


def write_records(folder: Path) -> Path:
    """Write one record that becomes a chart and one file that does not."""
    folder.mkdir()
    (folder / "patient.json").write_text(json.dumps({"resourceType": "Patient", "id": "p1"}))
    (folder / "letter.txt").write_text("Dear colleague")
    return folder


def run(*arguments: str) -> tuple[str, str]:
    out, notes = io.StringIO(), io.StringIO()
    call_command("evaluate", *arguments, stdout=out, stderr=notes)
    return out.getvalue(), notes.getvalue()


def run_json(*arguments: str) -> dict[str, Any]:
    out, _ = run(*arguments, "--json")
    document = json.loads(out)
    assert isinstance(document, dict)
    return document


def told(*arguments: str) -> str:
    """Return the message of a failure, which leaves standard output empty."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("evaluate", *arguments, "--json", stdout=out, stderr=io.StringIO())
    assert out.getvalue() == ""
    assert "\n" not in str(caught.value)
    return str(caught.value)


# What needs nothing but data; whole answers need the demo, and are tested in tests/clinical/evaluation/answers.
ALONE = [suite for suite in SUITES if suite != "answers"]
CONTRACT = {
    "retrieval": "ndcg_at_10 recall_at_100 p50_ms p95_ms documents_per_second index_bytes queries documents skipped",
    "verification": "macro_f1 supported_precision supported_recall rationale_f1 confusion claims seen_in_training",
    "direction": "macro_f1 by_text by_class accuracy rows seen_in_training",
    "pubmedqa": "accuracy macro_f1 confusion majority retrieved_own_abstract_at_1 retrieved_own_abstract_at_5",
    "intake": "files charts refused crashed findings p95_ms",
    "specialties": "accuracy accuracy_ci by_class confusion by_half fell_back wrong p50_ms p95_ms questions",
    "safety": "sensitivity sensitivity_ci false_alerts_per_vignette by_kind misses vignettes near_misses",
    "calculators": "within_limits audited_within_limits abstained_on_na rows by_calculator differences abstained p50_ms",
    "multiple-choice": "accuracy accuracy_ci unanswered by_class letters baselines p50_ms tokens_in cost",
}


@pytest.mark.parametrize("suite", ALONE)
def test_every_key_that_is_promised_is_there(data: dict[str, list[str]], suite: str) -> None:
    found = run_json(suite, *data[suite])
    assert found["suite"] == suite
    assert set(CONTRACT[suite].split()) <= set(found)


@pytest.mark.parametrize("suite", ALONE)
def test_without_json_a_person_reads_a_table(data: dict[str, list[str]], suite: str) -> None:
    out, _ = run(suite, *data[suite])
    lines = out.splitlines()
    assert lines[0].split() == ["suite", suite]
    assert any(line.startswith(CONTRACT[suite].split()[0]) for line in lines)
    assert "_ci" not in out


def test_intake_counts_charts_and_names_refusals(data: dict[str, list[str]]) -> None:
    found = run_json("intake", *data["intake"])
    assert (found["files"], found["charts"], found["crashed"]) == (2, 1, 0)
    assert found["refused"] == {"unknown-format": 1}


def test_safety_names_what_it_missed_and_what_it_told_without_need(data: dict[str, list[str]]) -> None:
    found = run_json("safety", *data["safety"])
    assert (found["vignettes"], found["expected"], found["sensitivity"]) == (3, 2, 0.5)
    assert found["misses"] == [{"id": "b", "expected": "kidney"}]
    assert found["false_alerts"] == [{"id": "c", "found": "interaction-warfarin-nsaid"}]


def test_calculators_says_what_each_difference_rests_on(data: dict[str, list[str]]) -> None:
    out, notes = run("calculators", *data["calculators"], "--json")
    found = json.loads(out)
    assert (found["within_limits"], found["audited_within_limits"], found["abstained_on_na"]) == (
        0.25,
        1.0,
        1.0,
    )
    assert [(each["id"], each["ours"]) for each in found["differences"]] == [("2", 9.0), ("4", None)]
    assert "Pugh" in found["differences"][0]["why"]
    assert found["left_out"] == {"Phase of the Moon": 1}
    assert "left_out" in notes


def test_calculators_can_read_the_note_alone(data: dict[str, list[str]]) -> None:
    found = run_json("calculators", *data["calculators"], "--from-note")
    assert found["from_note"] is True
    assert found["by_calculator"]["Mean Arterial Pressure (MAP)"]["within_limits"] == 1.0


def test_retrieval_finds_what_was_judged_and_leaves_nothing(
    data: dict[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    found = run_json("retrieval", *data["retrieval"])
    assert (found["ndcg_at_10"], found["recall_at_100"]) == (1.0, 1.0)
    assert (found["queries"], found["documents"], found["skipped"]) == (2, 3, {})
    assert found["documents_per_second"] > 0
    assert found["index_bytes"] > 0
    assert list((tmp_path / "scratch").iterdir()) == []


def test_retrieval_keeps_the_index_where_it_is_told_to(data: dict[str, list[str]], tmp_path: Path) -> None:
    found = run_json("retrieval", *data["retrieval"], "--keep", str(tmp_path / "index"))
    held = sum(file.stat().st_size for file in (tmp_path / "index").rglob("*") if file.is_file())
    assert found["index_bytes"] == held
    assert "is not empty" in told("retrieval", *data["retrieval"], "--keep", str(tmp_path / "index"))
    below_a_file = str(tmp_path / "beir" / "qrels.tsv" / "index")
    assert "cannot be written" in told("retrieval", *data["retrieval"], "--keep", below_a_file)


def test_retrieval_reads_a_packed_corpus_and_counts_what_it_leaves_out(
    data: dict[str, list[str]], tmp_path: Path
) -> None:
    rows = [*map(json.dumps, DOCUMENTS), "{", json.dumps({"title": "no id", "text": "x"})]
    (tmp_path / "beir" / "corpus.jsonl.gz").write_bytes(gzip.compress("\n".join(rows).encode()))
    (tmp_path / "beir" / "corpus.jsonl").unlink()
    found = run_json("retrieval", *data["retrieval"])
    assert found["documents"] == 3
    assert found["skipped"] == {"malformed": 1, "missing-id": 1}


@pytest.mark.parametrize("half", ["--bm25-only", "--dense-only"])
def test_each_half_of_the_search_can_be_measured_alone(data: dict[str, list[str]], half: str) -> None:
    found = run_json("retrieval", *data["retrieval"], half)
    assert found["ndcg_at_10"] > 0
    assert found["search"] == half.removeprefix("--")


def test_fewer_queries_can_be_asked(data: dict[str, list[str]]) -> None:
    assert run_json("retrieval", *data["retrieval"], "--limit-queries", "1")["queries"] == 1


def test_verification_supports_what_stands_in_the_abstract_word_by_word(data: dict[str, list[str]]) -> None:
    found = run_json("verification", *data["verification"])
    assert found["confusion"]["supported"]["supported"] == 1
    assert found["supported_precision"] == 1.0


def test_rows_that_the_model_was_trained_on_are_told(
    data: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.evaluate_command.seen.count_seen", lambda asked: len(list(asked)))
    out, notes = run("verification", *data["verification"], "--json")
    assert json.loads(out)["seen_in_training"] == 3
    assert "optimistic" in notes


def test_direction_takes_the_text_that_is_asked_for(data: dict[str, list[str]]) -> None:
    for text in ("abstract", "evidence", "both"):
        found = run_json("direction", *data["direction"], "--text", text)
        assert found["text"] == text
        assert found["macro_f1"] == found["by_text"][text]


def test_pubmedqa_searches_the_abstracts_of_the_file_and_never_the_conclusions(
    data: dict[str, list[str]],
) -> None:
    found = run_json("pubmedqa", *data["pubmedqa"])
    assert (found["retrieved_own_abstract_at_1"], found["questions"], found["given"]) == (1.0, 2, False)
    given = run_json("pubmedqa", *data["pubmedqa"], "--given")
    assert given["given"] is True
    assert given["accuracy"] == found["accuracy"]


def test_the_figures_go_into_a_file_too(data: dict[str, list[str]], tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    found = run_json("direction", *data["direction"], "--output", str(file))
    assert json.loads(file.read_text()) == found
    assert "cannot be written" in told(
        "direction", *data["direction"], "--output", str(tmp_path / "no" / "f")
    )


@pytest.mark.parametrize("suite", SUITES)
def test_missing_data_is_one_line_and_nothing_on_standard_output(
    data: dict[str, list[str]], suite: str, tmp_path: Path
) -> None:
    arguments = ["--data", str(tmp_path / "nowhere"), *data.get(suite, [])[2:]]
    assert "nowhere" in told(suite, *arguments)


@pytest.mark.parametrize("suite", ["verification", "direction", "pubmedqa", "specialties", "multiple-choice"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no"),
        (b"not json\n", "line 1: no JSON"),
        (b'{"x": "y"}\n', "line 1: "),
        (b"\x1f\x8b\x08cut", "gzip"),
    ],
)
def test_wrong_data_is_named_by_its_place(
    data: dict[str, list[str]], suite: str, content: bytes, message: str
) -> None:
    Path(data[suite][1]).write_bytes(content)
    assert message in told(suite, *data[suite])


def test_an_empty_corpus_is_told(data: dict[str, list[str]], tmp_path: Path) -> None:
    (tmp_path / "beir" / "corpus.jsonl").write_text("")
    assert "corpus.jsonl" in told("retrieval", *data["retrieval"])


def test_a_corpus_cut_short_is_told(data: dict[str, list[str]], tmp_path: Path) -> None:
    (tmp_path / "beir" / "corpus.jsonl").unlink()
    packed = gzip.compress("\n".join(map(json.dumps, DOCUMENTS * 200)).encode())
    (tmp_path / "beir" / "corpus.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    assert "corpus.jsonl.gz" in told("retrieval", *data["retrieval"])


def test_as_a_program_it_prints_one_object_and_fails_with_exit_code_1(data: dict[str, list[str]]) -> None:
    def program(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", "evaluate", *arguments, "--json"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    good = program("direction", *data["direction"])
    assert good.returncode == 0, good.stderr
    assert json.loads(good.stdout)["rows"] == 2
    bad = program("direction", "--data", "/nowhere/at/all.jsonl")
    assert (bad.returncode, bad.stdout) == (1, "")
    assert len(bad.stderr.strip().splitlines()) == 1
    assert "Traceback" not in bad.stderr
