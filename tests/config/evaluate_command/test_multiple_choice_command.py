"""`manage.py evaluate multiple-choice`, as a hospital runs it to see whether a model pays."""

import hashlib
import io
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError

from clinical.evaluation.suites.multiple_choice.templates import templates
from clinical.inference.registry.errors import ModelNotRegistered
from clinical.inference.remote.counted import CountedEngine
from clinical.inference.remote.endpoint import Endpoint
from config.evaluate_command.models import check_model, running_model
from tests.clinical.evaluation.folders import CHOICES, QUESTIONS, write_lines
from tests.config import running
from tests.config.evaluate_command.models import DOWN, GUESSING, KNOWING, script_models
from tests.config.evaluate_command.page import Page
from tests.product import MODEL_FILE

run_json = partial(running.run_json, "evaluate", "multiple-choice")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "choices.jsonl", CHOICES * 10)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    script_models(monkeypatch)


def told(*arguments: str | Path) -> str:
    """Return the one line of a failure."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("evaluate", "multiple-choice", *map(str, arguments), stdout=out, stderr=io.StringIO())
    assert out.getvalue() == ""
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_it_says_what_was_run(scripted: None, data: Path) -> None:
    found = run_json("--data", data, "--model", KNOWING)
    assert found["data_sha256"] == hashlib.sha256(data.read_bytes()).hexdigest()
    assert (found["model"], found["model_sha256"]) == (KNOWING, "ab" * 32)
    assert (found["template"], found["template_version"]) == ("plain", templates()["plain"].version)
    assert (found["accuracy"], found["questions"], found["unanswered"]) == (1.0, 20, 0)
    assert found["by_class"].keys() == {"step1", "step2"}
    assert found["cost"] is None


def test_another_model_is_asked_the_same_and_the_better_one_is_named(scripted: None, data: Path) -> None:
    found = run_json("--data", data, "--model", KNOWING, "--against", GUESSING)
    assert (found["accuracy"], found["against"]["accuracy"]) == (1.0, 0.0)
    assert found["comparison"]["verdict"] == "A is better"
    assert found["comparison"]["error_reduction"] == 1.0
    assert found["comparison"]["error_reduction_ci"] == [1.0, 1.0]
    assert found["comparison"]["only_a_right"][:2] == ["line 1", "line 2"]
    assert run_json("--data", data, "--model", GUESSING, "--against", KNOWING)["comparison"]["verdict"] == (
        "B is better"
    )


def test_two_templates_are_compared_on_one_model(scripted: None, data: Path, tmp_path: Path) -> None:
    found = run_json("--data", data, "--model", KNOWING, "--templates", "clinical,plain")
    assert (found["template"], found["against"]["template"]) == ("clinical", "plain")
    assert found["comparison"]["verdict"] == "no difference shown"
    own = tmp_path / "prompt.md"
    own.write_text("You are a nephrologist.")
    found = run_json("--data", data, "--model", KNOWING, "--template", own)
    assert found["template"] == str(own)


def test_pubmedqa_is_asked_in_letters_too(scripted: None, tmp_path: Path) -> None:
    file = write_lines(tmp_path / "questions.jsonl", QUESTIONS)
    found = run_json("--data", file, "--model", DOWN)
    assert found["by_class"].keys() == {"yes", "no"}
    assert (found["baselines"]["uniform"], found["baselines"]["majority_class"]) == (0.3333, 0.5)


def test_a_model_that_cannot_be_reached_is_unanswered_and_noted(scripted: None, data: Path) -> None:
    notes = io.StringIO()
    out = io.StringIO()
    arguments = ("--data", str(data), "--model", KNOWING, "--against", DOWN, "--json")
    call_command("evaluate", "multiple-choice", *arguments, stdout=out, stderr=notes)
    found = json.loads(out.getvalue())
    assert found["against"]["unanswered_by_reason"] == {"unreachable": 20}
    assert found["comparison"]["verdict"].startswith("no comparison")
    assert "down gave no answer to 20 questions" in notes.getvalue()


def test_a_price_that_is_named_gives_the_cost_of_each(scripted: None, data: Path) -> None:
    found = run_json(
        *("--data", data, "--model", KNOWING, "--price-in", "1000", "--price-out", "2000"),
        *("--against", GUESSING, "--against-price-in", "0", "--against-price-out", "0"),
    )
    assert found["cost"] == pytest.approx((20 * 100 * 1000 + 20 * 10 * 2000) / 1e6)
    assert found["against"]["cost"] == 0
    assert "Name both prices" in told("--data", data, "--model", KNOWING, "--price-in", "1")


def test_fewer_questions_and_another_order(scripted: None, data: Path) -> None:
    assert run_json("--data", data, "--model", KNOWING, "--limit", "3")["questions"] == 3
    first, second = (
        run_json("--data", data, "--model", KNOWING, "--seed", seed)["letters"]["right"] for seed in "12"
    )
    assert first != second


def test_what_is_wrong_is_told_before_anything_runs(scripted: None, data: Path, tmp_path: Path) -> None:
    assert "nobody" in told("--data", data, "--model", "nobody")
    assert "nobody" in told("--data", data, "--model", KNOWING, "--against", "nobody")
    assert "cardiology" in told("--data", data, "--model", KNOWING, "--template", "cardiology")
    nowhere = tmp_path / "no" / "report.html"
    assert "cannot be written" in told("--data", data, "--model", KNOWING, "--html", nowhere)
    for names in ("plain", "plain,", "a,b,c"):
        with pytest.raises(CommandError, match="two templates"):
            call_command(
                *("evaluate", "multiple-choice", "--data", str(data)),
                "--model",
                KNOWING,
                "--templates",
                names,
            )


def test_an_interruption_ends_in_one_line(
    scripted: None, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("config.evaluate_command.multiple_choice.running.ask_all", interrupted)
    assert told("--data", data, "--model", KNOWING) == "Stopped; nothing was kept"


def report(data: Path, *arguments: str, file: Path) -> Page:
    run_json("--data", data, "--model", KNOWING, "--html", file, *arguments)
    return Page(file.read_text(encoding="utf-8"))


def test_the_report_stands_alone(scripted: None, data: Path, tmp_path: Path) -> None:
    page = report(data, "--against", GUESSING, file=tmp_path / "report.html")
    assert page.all("script") == page.all("link") == page.all("img") == []
    addresses = {"src", "href", "xlink:href", "action"}
    assert not any(addresses & attributes.keys() for _, attributes in page.elements)
    text = (tmp_path / "report.html").read_text()
    assert "url(" not in text
    assert "@import" not in text
    assert "prefers-color-scheme: dark" in text


def test_the_report_can_be_read_without_seeing_the_plots(scripted: None, data: Path, tmp_path: Path) -> None:
    page = report(data, "--against", GUESSING, file=tmp_path / "report.html")
    plots = page.all("svg")
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(plots) == 3
    assert len(ids) == len(set(ids))
    for plot in plots:
        assert plot["role"] == "img"
        assert set(plot["aria-labelledby"].split()) <= set(ids)
    assert len(page.all("caption")) == len(page.all("table")) >= 3 + len(plots)
    assert all(heading["scope"] in ("row", "col") for heading in page.all("th"))
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("main")) == len(page.all("h1")) == 1


def test_the_report_says_verdict_figures_and_what_was_run(scripted: None, data: Path, tmp_path: Path) -> None:
    page = report(data, "--against", GUESSING, file=tmp_path / "report.html")
    for said in (
        "Verdict: A is better.",
        "100.0 percentage points above B's",
        "A makes 100.0% fewer errors than B",
        "Only A was right: 20",
        hashlib.sha256(data.read_bytes()).hexdigest(),
        "ab" * 32,
        "plain, version 1",
        "No difference shown",
    ):
        assert said in page.text


def test_questions_are_in_the_report_only_where_asked_for(scripted: None, data: Path, tmp_path: Path) -> None:
    page = report(data, "--against", GUESSING, file=tmp_path / "report.html")
    assert "anaphylaxis" not in page.text
    assert "line 1" in page.text
    page = report(data, "--against", GUESSING, "--show-questions", file=tmp_path / "report.html")
    assert "anaphylaxis" in page.text


def test_a_question_cannot_bring_markup_into_the_report(scripted: None, tmp_path: Path) -> None:
    hostile = {**CHOICES[0], "_id": "<script>alert(1)</script>", "meta_info": "</svg><img src=x>"}
    file = write_lines(tmp_path / "choices.jsonl", [hostile])
    page = report(file, "--against", GUESSING, "--show-questions", file=tmp_path / "report.html")
    assert page.all("script") == page.all("img") == []
    assert "<script>alert(1)</script>" in page.text


def test_a_report_of_one_model_has_no_verdict(scripted: None, data: Path, tmp_path: Path) -> None:
    page = report(data, file=tmp_path / "report.html")
    assert len(page.all("svg")) == 2
    assert "Verdict" not in page.text
    page = report(data, "--against", DOWN, file=tmp_path / "report.html")
    assert "no comparison" in page.text


@pytest.mark.slow
@pytest.mark.skipif(not MODEL_FILE.is_file(), reason="there is no model file: `make content` unpacks one")
def test_the_real_engine_is_started_for_the_model_and_stopped(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "choices.jsonl", CHOICES)
    found = run_json("--data", file, "--model", "smollm2-135m-instruct")
    assert (found["questions"], found["unanswered"]) == (2, 0)
    assert found["tokens_in"] > 100
    assert found["model_file"] == "SmolLM2-135M-Instruct.Q4_1.gguf"


def test_a_model_that_is_not_registered_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ModelNotRegistered, match="smollm2-135m-instruct"):
        check_model("nobody")
    file = write_lines(tmp_path / "choices.jsonl", CHOICES)
    assert "smollm2-135m-instruct" in told("--data", file, "--model", "nobody")


def test_an_engine_that_does_not_start_ends_in_one_line(settings: Any, tmp_path: Path) -> None:
    settings.TACIT_CONTENT_FOLDER = tmp_path / "empty"
    file = write_lines(tmp_path / "choices.jsonl", CHOICES)
    assert "did not start" in told("--data", file, "--model", "smollm2-135m-instruct")


def test_where_the_hospital_has_a_server_its_models_are_asked_there(settings: Any) -> None:
    settings.TACIT_ENGINE_ENDPOINT = Endpoint.parse("http://127.0.0.1:9/v1")
    settings.TACIT_ENGINE_MODEL = "medgemma"
    assert django_settings.TACIT_ENGINE_ENDPOINT is not None
    for model_id in ("medgemma", "another-on-the-server"):
        check_model(model_id)
        with running_model(model_id) as model:
            assert isinstance(model.engine, CountedEngine)
            assert (model.where, model.sha256) == ("http://127.0.0.1:9", "")
