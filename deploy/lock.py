"""Locks requirements*.in with hashes, and carries over why each direct dependency is there.

Run by `make lock`. The locks name no package index: the installer's own configuration decides.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIRECT = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(?:[<>=!~].*)?$")
LOCKED = re.compile(r"^([a-z0-9-]+)==")
OPTIONS = {"requirements-content": ["--no-deps"]}


def main() -> None:
    """Lock each file, in the order in which they constrain each other."""
    for name in ("requirements", "requirements-content", "requirements-dev"):
        source, target = ROOT / f"{name}.in", ROOT / f"{name}.txt"
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--upgrade", "--no-config"]
        command += [
            "--python-version",
            "3.11",
            "--universal",
            "--generate-hashes",
            "--no-header",
            "--no-annotate",
        ]
        command += ["--no-emit-index-url", "--no-emit-find-links", *OPTIONS.get(name, [])]
        subprocess.run([*command, source.name, "--output-file", target.name], cwd=ROOT, check=True)  # noqa: S603 - fixed command
        target.write_text(annotated(target.read_text(), reasons(source.read_text())))


def reasons(requirements: str) -> dict[str, list[str]]:
    """Return the comment lines above each direct requirement; a comment also covers the lines right below it."""
    found: dict[str, list[str]] = {}
    comment: list[str] = []
    is_fresh = True
    for line in requirements.splitlines():
        if line.startswith("#"):
            comment = [*([] if is_fresh else comment), line]
            is_fresh = False
        elif match := DIRECT.match(line.strip()):
            found[match[1].lower().replace("_", "-").replace(".", "-")] = comment
            is_fresh = True
        else:
            comment, is_fresh = [], True
    return found


def annotated(lock: str, why: dict[str, list[str]]) -> str:
    """Return the lock with each direct dependency's comment above it; what has none is needed by another."""
    lines = ["# Made by `make lock`; entries without a comment are needed by the others."]
    for line in lock.splitlines():
        if match := LOCKED.match(line):
            lines += why.get(match[1], [])
        lines.append(line)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
