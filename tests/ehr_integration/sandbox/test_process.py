"""The demo EHR as people start it: a process of its own."""

import subprocess
import sys
import time

import httpx
import pytest

from tests.conftest import free_port

COMMAND = [sys.executable, "-m", "ehr_integration.sandbox"]


def _get_when_up(url: str, process: subprocess.Popen[bytes]) -> httpx.Response:
    for _ in range(100):
        assert process.poll() is None, "the process ended"
        try:
            return httpx.get(url, trust_env=False)
        except httpx.ConnectError:
            time.sleep(0.1)
    raise AssertionError("the process did not answer within ten seconds")


def test_the_process_starts_answers_and_stops(tmp_path):
    port = free_port()
    console = tmp_path / "console"
    with (
        console.open("wb") as out,
        subprocess.Popen([*COMMAND, "--port", str(port)], stdout=out, stderr=out) as process,
    ):
        try:
            response = _get_when_up(f"http://127.0.0.1:{port}/fhir/Patient/af-ckd", process)
        finally:
            process.terminate()
        assert response.json()["name"][0]["family"] == "Samplewick"
        assert process.wait(timeout=10) in (0, -15)
        assert "af-ckd" not in console.read_text(), "the console names no patient"


@pytest.mark.parametrize("wrong", [["--port", "70000"], ["--page-size", "0"], ["--delay-seconds", "-1"]])
def test_a_wrong_option_is_refused_with_a_reason(wrong):
    answer = subprocess.run([*COMMAND, *wrong], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "must be" in answer.stderr


def test_neither_django_nor_another_room_is_imported():
    loaded = "import sys, ehr_integration.sandbox.__main__; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    modules = set(answer.stdout.split())
    assert not {"django", "clinical", "compliance", "audit", "config"} & modules
    ours = {name for name in modules if name.startswith("ehr_integration.")}
    assert {name.split(".")[1] for name in ours} == {"sandbox"}
