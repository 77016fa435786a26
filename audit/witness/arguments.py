"""The command line of a witness's host."""

import argparse
from pathlib import Path

from audit.tlog.errors import KeyInvalid
from audit.tlog.vkeys import VerifierKey
from audit.witness.errors import SettingInvalid
from audit.witness.key_files import read_key, read_token
from audit.witness.sources import FolderSource, HttpSource
from audit.witness.state import WitnessState
from audit.witness.witness import Witness

_EPILOG = """\
Exit codes of `watch`: 0 the checkpoint was cosigned; 1 nothing could be decided (the message says why);
3 the log showed something that an append-only log never shows, and both checkpoints are kept in STATE/evidence.
What a witness protects against, and how to set one up: docs/audit-witness.md.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of `python -m audit.witness`."""
    top = argparse.ArgumentParser(
        prog="python -m audit.witness",
        description="Watches the audit ledger from another host and cosigns its checkpoints.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True)
    key = commands.add_parser("key", help="make the witness's key and print its public half")
    key.add_argument("file", type=Path, help="the new file for the private key")
    key.add_argument("--name", required=True, help="the witness's name, like officer-laptop.hospital.example")
    _add_watch(commands.add_parser("watch", help="look at the log, once or again and again"))
    return top


def _add_watch(watch: argparse.ArgumentParser) -> None:
    add = watch.add_argument
    add(
        "--source", required=True, help="the log: an https address, or a folder with `checkpoint` and `tile/`"
    )
    add(
        "--ca",
        type=Path,
        help="PEM file of the authority of the address's certificate, where this machine knows it not",
    )
    add("--token-file", type=Path, help="the file with the token that the address asks for")
    add("--origin", required=True, help="the log's name: the first line of its checkpoints")
    add(
        "--log-key",
        required=True,
        action="append",
        help="the log's public key, name+id+base64; may be repeated",
    )
    add("--key", required=True, type=Path, help="the file that `key` made")
    add("--state", required=True, type=Path, help="the folder where the witness remembers; keep a copy of it")
    add(
        "--start",
        action="store_true",
        help="the very first run: accept what the log shows, on trust, and stop",
    )
    how = watch.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="look once and stop")
    how.add_argument("--interval", type=_seconds, default=60.0, help="seconds between looks (default: 60)")


def _seconds(text: str) -> float:
    """Return the pause between looks. Raises: ValueError, which argparse tells, for none and for more than a day."""
    seconds = float(text)
    if not 0 < seconds <= 24 * 60 * 60:
        raise ValueError("not between 0 and a day")
    return seconds


def witness_of(options: argparse.Namespace) -> Witness:
    """Return the witness that the options describe. Raises: SettingInvalid."""
    try:
        log_keys = [VerifierKey.parse(text) for text in options.log_key]
    except KeyInvalid as error:
        raise SettingInvalid(f"--log-key: {error}") from error
    return Witness(options.origin, log_keys, read_key(options.key), WitnessState(options.state))


def source_of(options: argparse.Namespace) -> FolderSource | HttpSource:
    """Return the log at an address or in a folder. Raises: SettingInvalid."""
    if "://" in options.source:
        token = read_token(options.token_file) if options.token_file else None
        return HttpSource(options.source, ca_file=options.ca, token=token)
    return FolderSource(Path(options.source))
