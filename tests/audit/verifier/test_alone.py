"""The verifier is one file that an auditor runs alone."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from audit import verifier
from audit.ledger.setup import officer_passphrase_file, officer_private_file
from audit.verifier import VerificationFailed
from tests.audit.attacks.ledgers import newest_note, pinned, record
from tests.audit.verifier.packages import change, export, verify

pytestmark = pytest.mark.usefixtures("ledger")


def run(package: Path, *arguments: str, key: str = "") -> subprocess.CompletedProcess[str]:
    """Run the copy in the package, with nothing of ours to import."""
    command = [sys.executable, "-I", str(package / "verifier.py"), str(package), "--key", key or pinned()]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, cwd="/")


def test_it_imports_nothing_but_python_and_cryptography() -> None:
    tree = ast.parse(Path(verifier.__file__).read_text())
    modules = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    modules |= {name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names}
    roots = {str(module).partition(".")[0] for module in modules}
    assert roots - set(sys.stdlib_module_names) == {"cryptography"}


def test_it_answers_as_text_and_as_json_with_exit_code_0(tmp_path: Path) -> None:
    record(4)
    held = tmp_path / "held"
    held.write_bytes(newest_note())
    record(4)
    package = export(tmp_path / "package")
    officer = [
        "--officer-key",
        str(officer_private_file()),
        "--passphrase-file",
        str(officer_passphrase_file()),
    ]
    done = run(package, "--checkpoint", str(held), *officer, "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (answer["verified"], answer["events"], answer["macs_checked"], answer["held_size"]) == (
        True,
        8,
        8,
        4,
    )
    assert run(package).stdout.startswith("verified: True\n")


def test_a_lie_is_exit_code_1_with_its_code(tmp_path: Path) -> None:
    record(4)
    package = export(tmp_path / "package")
    change(package, "events.ndjson", lambda found: found[1:])
    done = run(package, "--json")
    assert (done.returncode, json.loads(done.stdout)["code"]) == (1, "EXPORT_INCOMPLETE")


@pytest.mark.parametrize("arguments", [["--checkpoint", "/nowhere"], ["--officer-key", "/nowhere"]])
def test_what_cannot_be_checked_is_exit_code_2(tmp_path: Path, arguments: list[str]) -> None:
    record(4)
    done = run(export(tmp_path / "package"), *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_key_may_be_in_a_file(tmp_path: Path) -> None:
    record(4)
    key = tmp_path / "key"
    key.write_text(f"{pinned()}\n")
    assert run(export(tmp_path / "package"), key=str(key)).returncode == 0


@pytest.mark.parametrize("key", ["nonsense", "name+00000000+AAAA", f"{'a' * 5}+12345678+{'A' * 44}"])
def test_a_key_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    record(4)
    assert run(export(tmp_path / "package"), key=key).returncode == 2


def test_a_second_process_finds_what_the_first_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(9)
    package = export(tmp_path / "package")
    monkeypatch.setattr(verifier, "PARALLEL_FROM", 1)
    monkeypatch.setattr(verifier, "BATCH", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert verify(package).events == 9
    change(package, "events.ndjson", lambda found: [*found[:7], found[7].replace(b"alma", b"olga"), found[8]])
    with pytest.raises(VerificationFailed) as caught:
        verify(package)
    assert caught.value.code == "COMMITMENT_MISMATCH"


@pytest.mark.parametrize(
    "name", ["manifest.json", "manifest.note", "checkpoint", "leaves.jsonl", "events.ndjson", "writers.json"]
)
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}\n", b"[" * 100_000 + b"\n", b"null\n"])
def test_rubbish_is_a_lie_and_never_a_crash(tmp_path: Path, name: str, content: bytes) -> None:
    record(4)
    package = export(tmp_path / "package", formats=())
    change(package, name, lambda _: [content]) if not name.startswith("manifest") else None
    (package / name).write_bytes(content)
    with pytest.raises(VerificationFailed):
        verify(package, officer=verifier.officer_key(officer_private_file(), officer_passphrase_file()))
