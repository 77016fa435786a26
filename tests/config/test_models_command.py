"""`manage.py models`, as an engineer of a hospital uses it: results on standard output, one message for a failure."""

import hashlib
import io
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError

from config.management.commands.models import SUBCOMMANDS
from tests.clinical.inference.biogpt.checkpoints import make_sample, write_checkpoint
from tests.clinical.inference.registry.hub import running_hub
from tests.clinical.inference.registry.weights import CHATML, write_adapter, write_gguf
from tests.config import running

SAID = ("--source", "a disk", "--intended-use", "Tests", "--template", "chatml")


@pytest.fixture(autouse=True)
def models_folder(settings: Any, tmp_path: Path) -> Path:
    folder = settings.TACIT_MODELS_FOLDER = tmp_path / "models"
    settings.TACIT_CONTENT_FOLDER = tmp_path / "content"
    folder.mkdir()
    return folder


@pytest.fixture
def weights(models_folder: Path) -> Path:
    return write_gguf(models_folder / "invented.gguf", tokens=CHATML)


run, run_json = partial(running.run, "models"), partial(running.run_json, "models")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_list_says_type_licence_presence_and_which_is_active(weights):
    run("add", weights, *SAID)
    listed = run_json("list")
    assert listed["active"] == "smollm2-135m-instruct"
    packaged, own = listed["models"]
    assert (packaged["is_active"], packaged["is_packaged"], packaged["is_present"]) == (True, True, False)
    assert (packaged["size_bytes"], packaged["licence"]) == (None, "Apache-2.0")
    assert (own["id"], own["is_active"], own["is_present"]) == ("invented", False, True)
    assert (own["quantisation"], own["size_bytes"]) == ("Q4_K_M", weights.stat().st_size)
    lines = run("list").splitlines()
    assert lines[1].startswith("* smollm2-135m-instruct")
    assert "missing: " in lines[1]
    assert "Q4_K_M" in lines[2]


def test_an_active_id_that_is_not_registered_is_noted_beside_the_list(settings):
    settings.TACIT_MODEL = "medgemma"
    notes = io.StringIO()
    call_command("models", "list", stdout=io.StringIO(), stderr=notes)
    assert "no entry has that id" in notes.getvalue()


def test_add_pins_the_file_and_says_how_to_use_it(weights):
    told = run("add", weights, *SAID)
    assert sha256(weights.read_bytes()) in told
    assert "TACIT_MODEL=invented" in told


def test_add_with_everything_said(weights, models_folder, tmp_path):
    outside = write_adapter(tmp_path / "cardio.gguf")
    card = tmp_path / "card.toml"
    card.write_text('developer = """Nobody,\nnowhere"""\nusers = "Cardiologists"\n')
    told = run_json(
        *("add", weights, *SAID, "--id", "one", "--licence", "Own", "--context-tokens", "512", "--copy"),
        *("--specialty", "cardiology", "--adapter", f"cardio={outside}@0.5", "--card", card),
    )
    model = told["model"]
    assert (model["id"], model["licence"], model["context_tokens"]) == ("one", "Own", 512)
    assert model["adapters"][0]["scale"] == 0.5
    assert model["adapters"][0]["file"] == str(models_folder / "cardio.gguf")
    attributes = {each["key"]: each["value"] for each in run_json("card", "one")["attributes"]}
    assert (attributes["users"], attributes["developer"]) == ("Cardiologists", "Nobody,\nnowhere")


def test_add_asks_for_the_template_that_it_recognised(weights):
    with pytest.raises(CommandError, match="confirm with --template chatml"):
        run("add", weights, "--source", "a disk", "--intended-use", "Tests")
    problem = run_json("add", weights, "--source", "a disk", "--intended-use", "Tests", code=1)
    assert problem["type"] == "urn:tacit:problem:registration-incomplete"
    assert "confirm with --template chatml" in problem["detail"]


@pytest.mark.parametrize(
    ("content", "fault"), [(None, "cannot be read"), (b"\xff", "cannot be read"), (b"a = ", "is not TOML")]
)
def test_a_card_that_cannot_be_read_is_told(weights, tmp_path, content, fault):
    if content is not None:
        (tmp_path / "card.toml").write_bytes(content)
    with pytest.raises(CommandError, match=fault):
        run("add", weights, *SAID, "--card", tmp_path / "card.toml")


@pytest.mark.parametrize("card", ['shoe_size = "44"', "users = 1", '[users]\na = "b"'])
def test_a_card_with_unknown_or_odd_attributes_is_told(weights, tmp_path, card):
    (tmp_path / "card.toml").write_text(card)
    with pytest.raises(CommandError, match="table card, field"):
        run("add", weights, *SAID, "--card", tmp_path / "card.toml")


@pytest.mark.parametrize("adapter", ["cardio", "cardio=", "Cardio=a.gguf", "=a.gguf", "a=b.gguf@1.2.3"])
def test_an_adapter_that_is_not_written_as_asked_is_a_usage_error(weights, adapter):
    with pytest.raises(CommandError, match="is not like cardiology=|is no number"):
        run("add", weights, *SAID, "--adapter", adapter)


def test_verify_tells_each_and_ends_with_1_where_one_is_bad(weights):
    run("add", weights, *SAID)
    assert run("verify", "invented") == "invented: as registered\n"
    report = run_json("verify", code=1)
    packaged, own = report["models"]
    assert (packaged["is_verified"], own["is_verified"]) == (False, True)
    assert "is missing" in packaged["detail"]
    weights.write_bytes(weights.read_bytes()[:-1] + b"\xff")
    changed = run_json("verify", "invented", code=1)["models"][0]
    assert changed["found_sha256"] == sha256(weights.read_bytes())
    assert changed["sha256"] in changed["detail"]
    with pytest.raises(SystemExit, match="1"):
        run("verify", "invented")


def test_card_shows_31_attributes_and_what_nobody_has_said():
    card = run_json("card", "smollm2-135m-instruct")
    assert len(card["attributes"]) == 31
    assert card["attributes"][0]["paragraph"] == "170.315(b)(11)(iv)(B)(1)(i)"
    assert card["known"] == sum(each["is_known"] for each in card["attributes"])
    assert all(each["value"].startswith("Not known: ") for each in card["attributes"] if not each["is_known"])
    told = run("card", "smollm2-135m-instruct")
    assert "(9)(ii)" in told
    assert "Not known: the hospital that runs it" in told


def test_remove_keeps_the_weights_and_spares_the_active_one(weights, settings):
    run("add", weights, *SAID)
    settings.TACIT_MODEL = "invented"
    with pytest.raises(CommandError, match="TACIT_MODEL names invented"):
        run("remove", "invented")
    settings.TACIT_MODEL = "smollm2-135m-instruct"
    assert run_json("remove", "invented") == {"removed": "invented", "files_kept": [str(weights)]}
    assert weights.exists()
    with pytest.raises(CommandError, match="comes with the product"):
        run("remove", "smollm2-135m-instruct")
    assert run_json("remove", "invented", code=1)["status"] == 404


def test_pull_fetches_from_the_hub_verifies_and_registers(settings, tmp_path, models_folder):
    content = write_gguf(tmp_path / "a.gguf", tokens=CHATML).read_bytes()
    with running_hub(content) as hub:
        settings.TACIT_MODEL_HUB, hub.published = hub.address, sha256(content)
        told = run_json("pull", "owner/name-GGUF/invented.gguf", *SAID[2:], "--id", "invented")
        assert hub.requests[0][0] == "/owner/name-GGUF/resolve/main/invented.gguf"
        source = hub.url("/owner/name-GGUF/resolve/main/invented.gguf")
    assert told["sha256"] == sha256(content)
    assert told["file"] == str(models_folder / "invented.gguf")
    assert (told["model"]["id"], told["model"]["source"]) == ("invented", source)


def test_pull_alone_registers_nothing_and_says_how_to(tmp_path, models_folder):
    content = write_gguf(tmp_path / "a.gguf", tokens=CHATML).read_bytes()
    with running_hub(content) as hub:
        told = run("pull", hub.url(), "--sha256", sha256(content).upper(), "--as", "mine.gguf")
        assert f"models add mine.gguf --source {hub.url()}" in told
    assert (models_folder / "mine.gguf").read_bytes() == content
    assert not (models_folder / "models.toml").exists()


def test_pull_brings_back_a_registered_file_with_its_registered_hash(weights, models_folder):
    content = weights.read_bytes()
    with running_hub(content) as hub:
        run("add", weights, "--source", hub.url(), *SAID[2:])
        weights.unlink()
        hub.content = content[:-1] + b"\xff"
        problem = run_json("pull", "invented", code=1)
        assert problem["type"] == "urn:tacit:problem:model-hash-unconfirmed"
        assert not weights.exists()
        hub.content = content
        told = run_json("pull", "invented", "--restart")
    assert (told["file"], told["sha256"]) == (str(weights), sha256(content))
    assert run_json("verify", "invented")["models"][0]["is_verified"]


def test_pull_knows_the_hash_of_a_registered_source_under_another_name_too(weights, models_folder):
    content = weights.read_bytes()
    with running_hub(content) as hub:
        run("add", weights, "--source", hub.url(), *SAID[2:])
        run("pull", hub.url(), "--as", "again.gguf")
    assert (models_folder / "again.gguf").read_bytes() == content


def test_pull_without_a_hash_waits_for_a_person(tmp_path, models_folder):
    content = write_gguf(tmp_path / "a.gguf", tokens=CHATML).read_bytes()
    with running_hub(content) as hub:
        with pytest.raises(CommandError, match=f"--sha256 {sha256(content)}"):
            run("pull", hub.url())
        assert not (models_folder / "invented.gguf").exists()
        run("pull", hub.url(), "--sha256", sha256(content))
        assert len(hub.requests) == 1
    assert (models_folder / "invented.gguf").read_bytes() == content


def test_pull_sends_a_token_from_a_file(tmp_path):
    content = write_gguf(tmp_path / "a.gguf", tokens=CHATML).read_bytes()
    (tmp_path / "token").write_text("a-token\n")
    with running_hub(content) as hub:
        run("pull", hub.url(), "--sha256", sha256(content), "--token-file", tmp_path / "token")
        assert hub.requests[0][1]["Authorization"] == "Bearer a-token"
        (tmp_path / "token").write_text("two\nlines")
        with pytest.raises(CommandError, match="no token on one line"):
            run("pull", hub.url(), "--token-file", tmp_path / "token")
    with pytest.raises(CommandError, match="cannot be read"):
        run("pull", hub.url(), "--token-file", tmp_path / "absent")


@pytest.mark.parametrize(
    ("arguments", "code", "fault"),
    [
        (["http://models.example/a.gguf"], "model-download-failed", "is not https"),
        (["invented"], "model-download-failed", "names no model file"),
        (["smollm2-135m-instruct"], "model-download-failed", "make content"),
        (["https://m.example/a.gguf", "--as", "../a.gguf/"], "model-download-failed", "file name"),
        (["https://m.example/a.gguf", "--id", "one"], "registration-incomplete", "--intended-use"),
        (
            ["https://m.example/a.gguf", "--id", "smollm2-135m-instruct", "--intended-use", "x"],
            "model-registered",
            "registered already",
        ),
    ],
)
def test_pull_refuses_before_it_connects(arguments, code, fault):
    problem = run_json("pull", *arguments, code=1)
    assert problem["type"] == f"urn:tacit:problem:{code}"
    assert fault in problem["detail"]


def test_a_hash_that_is_none_is_a_usage_error():
    with pytest.raises(CommandError, match="is no SHA-256"):
        run("pull", "https://m.example/a.gguf", "--sha256", "abc")


def test_a_broken_registry_is_one_clear_message(models_folder):
    (models_folder / "models.toml").write_text("version = 1\n[[model]]\nid = 'x'\n")
    with pytest.raises(CommandError, match=r"models\.toml, model x, field name: is missing"):
        run("list")
    problem = run_json("list", code=1)
    assert problem["type"] == "urn:tacit:problem:model-registry-invalid"


def test_import_biogpt_tells_what_is_wrong_with_a_checkpoint(tmp_path, models_folder):
    problem = run_json("import-biogpt", tmp_path, models_folder / "out.gguf", code=1)
    assert problem["type"] == "urn:tacit:problem:biogpt-not-imported"
    assert "config.json" in problem["detail"]
    with pytest.raises(CommandError, match="Say also --licence, --source, --intended-use"):
        run("import-biogpt", tmp_path, models_folder / "out.gguf", "--id", "biogpt")
    said = ("--id", "biogpt", "--licence", "MIT", *SAID[:4])
    with pytest.raises(CommandError, match="Write OUT.gguf into"):
        run("import-biogpt", tmp_path, tmp_path / "out.gguf", *said)
    with pytest.raises(CommandError, match="leave --template out"):
        run("import-biogpt", tmp_path, models_folder / "out.gguf", *said, "--template", "chatml")


def test_import_biogpt_converts_and_registers_in_one_step(tmp_path, models_folder):
    checkpoint = write_checkpoint(make_sample(), tmp_path)
    out = models_folder / "biogpt.gguf"
    said = ("--id", "biogpt", "--licence", "MIT", *SAID[:4])
    told = run_json("import-biogpt", checkpoint, out, "--quantize", "Q8_0", *said)
    assert (told["model"]["template"], told["model"]["tokenizer"]) == ("plain", "biogpt")
    assert (told["model"]["quantisation"], told["model"]["sha256"]) == ("Q8_0", sha256(out.read_bytes()))
    assert run_json("verify", "biogpt")["models"][0]["is_verified"]


def test_interrupting_is_no_traceback(weights, monkeypatch):
    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("config.models_command.registering.register", interrupted)
    with pytest.raises(CommandError, match="Stopped"):
        run("add", weights, *SAID)


@pytest.mark.parametrize("name", sorted(SUBCOMMANDS))
def test_every_subcommand_explains_itself(name, capsys):
    with pytest.raises(SystemExit, match="0"):
        run(name, "--help")
    assert "--json" in capsys.readouterr().out


def test_the_command_line_needs_no_database_and_keeps_the_streams_apart(tmp_path):
    environment = {**os.environ, "TACIT_HOME": str(tmp_path / "home"), "TACIT_MODELS_FOLDER": ""}
    manage = [sys.executable, "-W", "error", str(django_settings.BASE_DIR / "manage.py"), "models"]
    done = subprocess.run(
        [*manage, "verify", "medgemma", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)["status"] == 404
    assert done.stderr == ""
    assert not list((tmp_path / "home").glob("*.sqlite3"))
