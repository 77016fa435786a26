"""Packages to verify, and what a dishonest exporter can do to them."""

import json
from collections.abc import Callable, Collection
from hashlib import sha256
from pathlib import Path
from typing import Any

from audit.export.formats import Format
from audit.export.manifest import manifest_note
from audit.export.package import write_package
from audit.ledger.reading import Query
from audit.verifier import LogKey, Report, verify_package
from tests.audit.attacks.ledgers import EPOCH, LATER, pinned

ALL = frozenset(Format)


def export(
    folder: Path, *, formats: Collection[Format] = ALL, held_sizes: Collection[int] = (), **query: Any
) -> Path:
    asked = Query(**{"since": EPOCH, "until": LATER} | query)
    write_package(asked, folder, formats=formats, requested_by="olga", held_sizes=held_sizes)
    return folder


def verify(package: Path, **held: Any) -> Report:
    return verify_package(package, [LogKey.parse(pinned())], **held)


def lines(package: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (package / name).read_text().splitlines()]


def change(package: Path, name: str, edit: Callable[[list[bytes]], list[bytes]]) -> None:
    """Edit a file's lines, and sign the package again as its server can."""
    path = package / name
    path.write_bytes(b"".join(edit(path.read_bytes().splitlines(keepends=True))))
    sign(package)


def change_line(package: Path, name: str, at: int, **members: Any) -> None:
    def edit(found: list[bytes]) -> list[bytes]:
        document = json.loads(found[at]) | members
        found[at] = json.dumps(document, separators=(",", ":")).encode() + b"\n"
        return found

    change(package, name, edit)


def sign(package: Path, **members: Any) -> None:
    """Write a manifest that fits the files, and sign it with the live key."""
    path = package / "manifest.json"
    manifest = json.loads(path.read_bytes()) | members
    for name in manifest["files"]:
        manifest["files"][name] = {"sha256": sha256((package / name).read_bytes()).hexdigest()}
    path.write_text(json.dumps(manifest))
    (package / "manifest.note").write_bytes(manifest_note(path.read_bytes()))
