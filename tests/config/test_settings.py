"""Settings fail at start, with the name and the fix."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env, modes

ROOT = Path(__file__).resolve().parent.parent.parent
NO_PRODUCTION = dict.fromkeys(
    ("TACIT_ALLOWED_HOSTS", "FHIR_BASE_URL", "DATABASE_URL", "REDIS_URL", "FHIR_BEARER_TOKEN"), ""
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TACIT_ALLOWED_HOSTS", "tacit.hospital.example"),
        ("FHIR_BASE_URL", "https://ehr.hospital.example/fhir"),
        ("DATABASE_URL", "postgresql://tacit@db.hospital.example/tacit"),
        ("REDIS_URL", "rediss://redis.hospital.example:6379/0"),
        ("FHIR_BEARER_TOKEN", "token"),
    ],
)
def test_demo_mode_refuses_production_settings(name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name) as error:
        modes.refuse_production_settings(NO_PRODUCTION | {name: value})
    assert "TACIT_MODE=production" in str(error.value)
    assert "token" not in str(error.value).replace("FHIR_BEARER_TOKEN", "")


def test_demo_mode_takes_engines_on_this_machine() -> None:
    local = {"DATABASE_URL": "postgresql://postgres@localhost/x", "REDIS_URL": "redis://127.0.0.1:6379/0"}
    modes.refuse_production_settings(NO_PRODUCTION | local)


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_names_what_is_missing(tmp_path: Path) -> None:
    result = start(TACIT_MODE="production", TACIT_HOME=str(tmp_path))
    assert result.returncode != 0
    assert "FHIR_BASE_URL is not set" in result.stderr


def test_production_with_its_settings_passes_djangos_deployment_check(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    result = start(
        TACIT_MODE="production",
        TACIT_HOME=str(tmp_path),
        TACIT_SECRET_KEY_FILE=str(secret),
        TACIT_ALLOWED_HOSTS="tacit.hospital.example",
        FHIR_BASE_URL="https://ehr.hospital.example/fhir",
    )
    assert result.returncode == 0, result.stderr


def test_patient_data_never_crosses_a_network_in_the_clear() -> None:
    with pytest.raises(ImproperlyConfigured, match="https"):
        modes.require_tls("FHIR_BASE_URL", "http://ehr.hospital.example/fhir")


@pytest.mark.parametrize("value", ["many", "0", "-3"])
def test_a_number_that_is_none_names_the_variable(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACIT_PORT", value)
    with pytest.raises(ImproperlyConfigured, match="TACIT_PORT"):
        env.number("TACIT_PORT", 8000)


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "secret"
    assert env.generated_secret(file) == env.generated_secret(file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_socket_folder_always_fits_into_an_address(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 40)
    assert len(str(env.socket_folder(home))) <= env.LONGEST_SOCKET_FOLDER
