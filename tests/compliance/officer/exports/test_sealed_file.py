"""Packages at rest: what comes back is what went in, or nothing."""

import secrets
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.errors import ExportDamaged
from compliance.officer.exports import sealed_file
from compliance.officer.exports.sealed_file import opened_file, seal_file

KEY, BOUND_TO = bytes(range(32)), b"export-1"


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_file, "PIECE_BYTES", 16)


def sealed(folder: Path, content: bytes) -> Path:
    plain, target = folder / "plain", folder / f"sealed-{secrets.token_hex(4)}"
    plain.write_bytes(content)
    seal_file(plain, target, key=KEY, bound_to=BOUND_TO)
    return target


def opened(path: Path, *, key: bytes = KEY, bound_to: bytes = BOUND_TO) -> bytes:
    return b"".join(opened_file(path, key=key, bound_to=bound_to))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=70))
def test_what_was_sealed_comes_back(tmp_path: Path, content: bytes) -> None:
    assert opened(sealed(tmp_path, content)) == content


def test_a_file_is_its_owners_alone_and_shows_nothing(tmp_path: Path) -> None:
    path = sealed(tmp_path, b"zebedee quarrington, " * 4)
    assert path.stat().st_mode & 0o077 == 0
    assert b"quarrington" not in path.read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_changed_byte_is_seen(tmp_path: Path, data: st.DataObject) -> None:
    path = sealed(tmp_path, bytes(50))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with pytest.raises(ExportDamaged):
        opened(path)


@pytest.mark.parametrize("kept", [0, 3, 7, 7 + 32, 7 + 64, 7 + 65])
def test_a_file_that_was_cut_off_is_seen(tmp_path: Path, kept: int) -> None:
    path = sealed(tmp_path, bytes(50))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ExportDamaged):
        opened(path)


def test_pieces_cannot_change_places_nor_files(tmp_path: Path) -> None:
    path = sealed(tmp_path, bytes(50))
    content = path.read_bytes()
    path.write_bytes(content[:7] + content[39:71] + content[7:39] + content[71:])
    with pytest.raises(ExportDamaged):
        opened(path)
    with pytest.raises(ExportDamaged):
        opened(sealed(tmp_path, b"x"), bound_to=b"export-2")
    with pytest.raises(ExportDamaged):
        opened(sealed(tmp_path, b"x"), key=bytes(32))
