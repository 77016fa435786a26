"""Every setting that the environment can give, read once, failing at start with the name and the fix."""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_FOLDER = Path(__file__).resolve().parent.parent

# A Unix socket's path may hold 107 bytes (sun_path, unix(7)); the longest file name below it is 12.
LONGEST_SOCKET_FOLDER = 90


def load_env_file() -> None:
    """Add the lines of `.env` to the environment; what is already set there wins."""
    file = BASE_FOLDER / ".env"
    if not file.exists():
        return
    for line in file.read_text().splitlines():
        name, separator, value = line.strip().partition("=")
        if separator and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("'\""))


def text(name: str, default: str = "") -> str:
    """Return the variable, or the content of the file that NAME_FILE names, or the default."""
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {file}") from error
    return os.environ.get(name) or default


def required(name: str, why: str) -> str:
    """Return the variable; an error that says how to set it where it is missing."""
    if value := text(name):
        return value
    raise ImproperlyConfigured(f"{name} is not set ({why}): add it to .env, see .env.example")


def number(name: str, default: float, *, may_be_zero: bool = False) -> float:
    """Return the variable as a number above 0, or of at least 0."""
    value = text(name, str(default))
    try:
        parsed = float(value)
    except ValueError:
        parsed = -1
    if parsed < 0 or (parsed == 0 and not may_be_zero):
        least = "of at least 0" if may_be_zero else "above 0"
        raise ImproperlyConfigured(f"{name} must be a number {least}, not {value!r}")
    return parsed


def switch(name: str) -> bool:
    """Return whether the variable says "on"; "off" where it is not set."""
    value = text(name, "off").lower()
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} must be 'on' or 'off', not {value!r}")
    return value == "on"


def folder(name: str, default: Path) -> Path:
    """Return the variable as an absolute path."""
    return Path(text(name, str(default))).resolve()


def items(name: str) -> list[str]:
    """Return the variable as a list, split at commas."""
    return [item.strip() for item in text(name).split(",") if item.strip()]


def socket_folder(home: Path) -> Path:
    """Return the folder for Unix sockets: under `home`, or in the temp folder where that path is too long."""
    nearby = home / "run"
    if len(str(nearby)) <= LONGEST_SOCKET_FOLDER:
        return nearby
    return Path(tempfile.gettempdir()) / f"tacit-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"


def generated_secret(file: Path) -> str:
    """Return a secret made on first use and kept in a file that only its owner can read."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(48))
    return file.read_text()
