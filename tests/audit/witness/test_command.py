"""`python -m audit.witness` on a host that has neither Django nor our database."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audit.tlog.cosignatures import CosignerVerifierKey
from audit.tlog.notes import parse_note, verify_note
from audit.witness.__main__ import main
from audit.witness.errors import Forked, SettingInvalid
from audit.witness.key_files import read_key, read_token, write_new_key
from audit.witness.running import observe_forever
from tests.audit.tlog.logs import MemoryLog, leaves
from tests.audit.witness.conftest import LOG_KEY, ORIGIN, Watched

ROOT = Path(__file__).resolve().parents[3]
# The first 300 entries are the old ones, and then the log goes another way than it did before.
FORKED = [*leaves(300), *leaves(200, "other")]


@pytest.fixture
def arguments(watched: Watched, tmp_path: Path) -> list[str]:
    write_new_key(tmp_path / "key", "officer-laptop.hospital.example")
    return (
        ["watch", "--source", str(watched.folder), "--origin", ORIGIN]
        + ["--log-key", str(LOG_KEY.verifier), "--key", str(tmp_path / "key")]
        + ["--state", str(tmp_path / "state")]
    )


def test_a_witness_from_its_key_to_its_alarm(
    watched: Watched, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.publish(MemoryLog().append(leaves(300)))
    assert main([*arguments, "--once"]) == 1
    assert "--start" in capsys.readouterr().err
    assert main([*arguments, "--start"]) == 0
    assert "cosigned: hospital.example/audit, 300 entries" in capsys.readouterr().out
    watched.publish(MemoryLog().append(leaves(900)))
    assert main([*arguments, "--once"]) == 0
    watched.publish(MemoryLog().append(leaves(300)))
    assert main([*arguments, "--once"]) == 3
    told = capsys.readouterr().err
    assert "REFUSED (rolled-back): The log has 300 entries and had 900" in told
    assert str(tmp_path / "state" / "evidence") in told


def test_the_printed_key_verifies_what_is_cosigned(
    watched: Watched, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    own = tmp_path / "own-key"
    assert main(["key", str(own), "--name", "w1.example"]) == 0
    printed = CosignerVerifierKey.parse(capsys.readouterr().out)
    assert own.stat().st_mode & 0o777 == 0o600
    watched.publish(MemoryLog().append(leaves(3)))
    arguments[arguments.index("--key") + 1] = str(own)
    assert main([*arguments, "--start"]) == 0
    note = parse_note((tmp_path / "state" / "checkpoint").read_bytes())
    assert [each.name for each in verify_note(note, [printed])] == ["w1.example"]


def test_key_files_are_never_overwritten_nor_read_by_others(tmp_path: Path) -> None:
    path = tmp_path / "key"
    key = write_new_key(path, "w1.example")
    assert read_key(path).verifier == key.verifier
    with pytest.raises(SettingInvalid, match="never overwritten"):
        write_new_key(path, "w1.example")
    path.chmod(0o640)
    with pytest.raises(SettingInvalid, match="chmod 600"):
        read_key(path)
    path.chmod(0o600)
    path.write_text(LOG_KEY.private_text())
    with pytest.raises(SettingInvalid, match="witness's key"):
        read_key(path)
    path.write_bytes(b"\xff")
    with pytest.raises(SettingInvalid, match="cannot be read"):
        read_key(path)
    with pytest.raises(SettingInvalid, match="cannot be read"):
        read_key(tmp_path / "missing")
    for text, error in (("two words", "one word"), ("", "one word"), ("a\u00e9", "one word")):
        path.write_text(text)
        with pytest.raises(SettingInvalid, match=error):
            read_token(path)
    path.write_text("secret\n")
    assert read_token(path) == "secret"
    with pytest.raises(SettingInvalid, match="no spaces"):
        write_new_key(tmp_path / "other", "two words")
    with pytest.raises(SettingInvalid, match="cannot be written"):
        write_new_key(tmp_path / "missing" / "key", "w1.example")


def test_wrong_settings_are_told_and_nothing_is_cosigned(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--log-key", "nonsense", "--once"]) == 1
    assert "--log-key: The text of a key is name+id+base64" in capsys.readouterr().err
    arguments[arguments.index("--source") + 1] = "http://hospital.example"
    assert main([*arguments, "--once"]) == 1
    assert "give an https address" in capsys.readouterr().err


def test_a_witness_goes_on_when_the_log_is_away_and_stops_when_it_lies(started: Watched) -> None:
    told: list[str] = []
    acts: Iterator[Callable[[], object]] = iter(
        [
            (started.folder / "checkpoint").unlink,
            lambda: (started.folder / "checkpoint").write_text("maintenance"),
            lambda: started.publish(MemoryLog().append(leaves(400))),
            lambda: started.publish(MemoryLog().append(FORKED)),
        ]
    )
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        next(acts)()

    with pytest.raises(Forked):
        observe_forever(started.witness, started.source, interval_seconds=60, tell=told.append, pause=pause)
    assert [line.split(":")[0] for line in told] == [
        "cosigned",
        "nothing cosigned",
        "nothing cosigned",
        "cosigned",
    ]
    assert pauses == [60] * 4


def test_the_command_needs_neither_django_nor_boto3() -> None:
    code = (
        "import sys, audit.witness.__main__\n"
        "sys.exit(', '.join({'django', 'boto3', 'botocore', 'psycopg'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_explains_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "audit.witness", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Exit codes" in done.stdout


def test_a_running_witness_ends_with_the_alarm(watched: Watched, arguments: list[str]) -> None:
    watched.publish(MemoryLog().append(leaves(300)))
    assert main([*arguments, "--start"]) == 0
    command = [sys.executable, "-m", "audit.witness", *arguments, "--interval", "0.05"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert "300 entries" in process.stdout.readline()
        watched.publish(MemoryLog().append(leaves(299)))
        _, told = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "REFUSED (rolled-back)" in told


def test_a_witness_over_http_that_is_interrupted_ends_quietly(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **named: object) -> None:
        assert named["interval_seconds"] == 60
        raise KeyboardInterrupt

    monkeypatch.setattr("audit.witness.__main__.observe_forever", interrupted)
    arguments[arguments.index("--source") + 1] = "http://127.0.0.1:9"
    assert main(arguments) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("pause", ["0", "-1", "nan", "inf", "soon"])
def test_a_pause_that_is_none_is_refused(
    arguments: list[str], pause: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([*arguments, "--interval", pause])
    assert end.value.code == 2
    assert "--interval" in capsys.readouterr().err


def test_the_token_is_read_from_its_file(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments[arguments.index("--source") + 1] = "http://127.0.0.1:9"
    (tmp_path / "token").write_text("secret")
    (tmp_path / "token").chmod(0o644)
    assert main([*arguments, "--once", "--token-file", str(tmp_path / "token")]) == 1
    assert "chmod 600" in capsys.readouterr().err
    (tmp_path / "token").chmod(0o600)
    assert main([*arguments, "--start", "--token-file", str(tmp_path / "token")]) == 1
    assert "cannot be reached" in capsys.readouterr().err
