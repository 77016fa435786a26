"""The hospital's own model server, from the settings to the commands."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError

from clinical.inference.remote.endpoint import Endpoint, Tls
from config import processes, stack
from config.management.commands.run import Command as Run
from config.model_server import model_server
from tests.clinical.inference.remote.imitation import LlamaServer, Settings
from tests.clinical.inference.remote.loopback import Loopback, loopback
from tests.config.test_settings import start

NOTHING = {"token": "", "ca_file": "", "client_certificate": "", "client_key": ""}


@pytest.fixture
def remote(settings: Any) -> Any:
    with loopback() as server:
        server.reply_to = LlamaServer(Settings())
        settings.TACIT_ENGINE_ENDPOINT = Endpoint.parse(server.url)
        settings.TACIT_ENGINE_MODEL = "med"
        yield server


def probe(*arguments: str) -> tuple[int, str]:
    """Run the subcommand: exit code and standard output."""
    out = io.StringIO()
    try:
        call_command("models", "probe", *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_without_an_address_there_is_none() -> None:
    assert model_server("", **NOTHING) is None


def test_address_token_and_certificates_make_an_endpoint(tmp_path: Path) -> None:
    files = {name: str(tmp_path / f"{name}.pem") for name in ("ca_file", "client_certificate", "client_key")}
    endpoint = model_server("https://gpu.hospital.example/v1", token="sk-1", **files)
    assert endpoint is not None
    assert (str(endpoint), endpoint.token) == ("https://gpu.hospital.example", "sk-1")
    assert endpoint.tls == Tls(**{name: Path(file) for name, file in files.items()})


@pytest.mark.parametrize(
    ("url", "changed", "fix"),
    [
        ("http://gpu.hospital.example", {}, "https"),
        ("https://gpu.hospital.example", {"token": "two words"}, "TACIT_ENGINE_TOKEN"),
        ("https://gpu.hospital.example", {"client_key": "key.pem"}, "TACIT_ENGINE_CLIENT_CERT"),
    ],
)
def test_what_cannot_be_used_fails_at_start_with_the_fix(url: str, changed: dict[str, str], fix: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=fix) as refused:
        model_server(url, **NOTHING | changed)
    assert "two words" not in str(refused.value)


def test_a_server_without_a_model_fails_at_start(tmp_path: Path) -> None:
    result = start(TACIT_HOME=str(tmp_path), TACIT_ENGINE_URL="https://gpu.hospital.example")
    assert result.returncode != 0
    assert "TACIT_ENGINE_MODEL is not set" in result.stderr


def test_where_a_server_is_named_no_engine_is_started_here(
    remote: Loopback, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def refuse() -> processes.Process:
        raise AssertionError("an engine of our own")

    monkeypatch.setattr(processes, "engine", refuse)
    settings.RUNS_SANDBOX = False
    with stack.for_questions():
        pass


def test_run_tells_that_a_server_passed(remote: Loopback) -> None:
    told, notes = check_at_start()
    assert "all 10 checks passed" in told
    assert f"{remote.url}, model med, llama-server" in told
    assert notes == ""


def test_run_refuses_an_unsafe_server_with_every_fix(remote: Loopback) -> None:
    remote.reply_to = LlamaServer(Settings(caches_prompts=True, shows_slots=True))
    with pytest.raises(CommandError, match="Not started") as refused:
        check_at_start()
    assert "--no-cache-prompt" in str(refused.value)
    assert "--no-slots" in str(refused.value)


def test_run_goes_on_where_a_server_is_down_and_says_so(remote: Loopback, settings: Any) -> None:
    settings.TACIT_ENGINE_ENDPOINT = Endpoint.parse("unix:///nowhere/llm.sock")
    told, notes = check_at_start()
    assert told == ""
    assert "/nowhere/llm.sock" in notes


def test_run_says_nothing_of_servers_where_there_is_none() -> None:
    assert check_at_start() == ("", "")


def test_models_probe_tells_every_check(remote: Loopback) -> None:
    code, told = probe()
    assert (code, told.count("passed")) == (0, 10)
    document = json.loads(probe("--json")[1])
    assert (document["is_safe"], document["server"], len(document["checks"])) == (True, "llama-server", 10)


def test_models_probe_names_what_mends_an_unsafe_server(remote: Loopback) -> None:
    remote.reply_to = LlamaServer(Settings(keeps_archive=True))
    code, told = probe()
    assert code == 1
    assert "Fix prompt archive: start llama-server with --cache-ram 0" in told
    code, told = probe("--json")
    assert (code, json.loads(told)["is_safe"]) == (1, False)


def test_models_probe_says_why_there_is_nothing_to_probe(settings: Any, remote: Loopback) -> None:
    settings.TACIT_ENGINE_MODEL = "another"
    with pytest.raises(CommandError, match="does not list the model 'another'"):
        probe()
    settings.TACIT_ENGINE_ENDPOINT = None
    with pytest.raises(CommandError, match="TACIT_ENGINE_URL is not set"):
        probe()


def check_at_start() -> tuple[str, str]:
    """What `manage.py run` prints of the model server: standard output and standard error."""
    out, notes = io.StringIO(), io.StringIO()
    Run(stdout=out, stderr=notes, no_color=True)._check_model_server()
    return out.getvalue(), notes.getvalue()
