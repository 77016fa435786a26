"""The witness's secrets, in files that only their owner may read: its private key, and the token that the log asks for."""

import os
import re
import stat
from pathlib import Path

from audit.tlog.cosignatures import CosigningKey
from audit.tlog.errors import KeyInvalid
from audit.witness.errors import SettingInvalid


def write_new_key(path: Path, name: str) -> CosigningKey:
    """Make a key, write it to a new file of mode 600, and return it.

    Raises: SettingInvalid where the file is there already, or the name is none for a key.
    """
    try:
        key = CosigningKey.generate(name)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except KeyInvalid as error:
        raise SettingInvalid(str(error)) from error
    except FileExistsError as error:
        raise SettingInvalid(
            f"{path} is there already, and a key is never overwritten: name another file"
        ) from error
    except OSError as error:
        raise SettingInvalid(f"{path} cannot be written: {error.strerror}") from error
    with os.fdopen(descriptor, "w") as stream:
        stream.write(f"{key.private_text()}\n")
        stream.flush()
        os.fsync(stream.fileno())
    return key


def read_key(path: Path) -> CosigningKey:
    """Return the key in the file. Raises: SettingInvalid, also where others may read the file."""
    try:
        return CosigningKey.parse(_secret(path))
    except KeyInvalid as error:
        raise SettingInvalid(f"{path} does not hold a witness's key: {error}") from error


def read_token(path: Path) -> str:
    """Return the bearer token in the file. Raises: SettingInvalid, also where others may read the file."""
    token = _secret(path).strip()
    if not re.fullmatch(r"[!-~]+", token):
        raise SettingInvalid(
            f"{path} does not hold a token: one word of ASCII, as the log's administrator gave it"
        )
    return token


def _secret(path: Path) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingInvalid(f"Others can read {path}, which holds a secret: chmod 600 {path}")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingInvalid(f"{path} cannot be read: name the file that holds the secret") from error
