"""`manage.py audit verify`."""

import getpass
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from audit.operations.verifying import verify
from compliance.access.domain import Action, Actor
from compliance.access.services import recorded_use
from config.audit_command.subcommand import ActingSubcommand
from config.subcommand import Output


class Verify(ActingSubcommand):
    """Checks the record in the database."""

    name = "verify"
    help = (
        "Check every entry, seal, tile and checkpoint in the database, and what the keys open. What the database's owner "
        "could have rewritten shows only against --held checkpoints and a pinned --key."
    )
    demo_account = "olga"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            metavar="VKEY",
            help="a pinned public key (this installation's own)",
        )
        parser.add_argument(
            "--held",
            action="append",
            default=[],
            type=Path,
            metavar="FILE",
            help="a checkpoint that someone else holds",
        )
        parser.add_argument(
            "--officer-key", type=Path, metavar="FILE", help="the officer's private key: checks the MACs too"
        )
        parser.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="its passphrase (asked for on the terminal)"
        )

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Check; the first lie ends it with exit code 1 and its code."""
        passphrase = _passphrase(options) if options["officer_key"] else ""
        with recorded_use(actor, action=Action.VERIFY_AUDIT):
            report = verify(
                keys=options["key"],
                held=options["held"],
                officer_key=options["officer_key"],
                passphrase=passphrase,
            )
        output.document(report)
        output.line(
            f"The record holds: {report['size']:,} sealed entries under {report['checkpoints']:,} checkpoints, root "
            f"{report['root'][:16]}...; {report['unsealed']:,} wait, {report['purged']:,} were purged, of "
            f"{report['shredded']:,} the patient was taken out"
        )
        if not options["officer_key"]:
            output.line("MACs were not checked: that needs the officer's private key (--officer-key)")
        if not options["held"]:
            output.line(
                "A rollback would not have shown: that needs a checkpoint that someone else holds (--held)"
            )


def _passphrase(options: Mapping[str, Any]) -> str:
    file: Path | None = options["passphrase_file"]
    if file is None:
        return getpass.getpass("Passphrase of the officer's key: ")
    try:
        return file.read_text().strip()
    except OSError as error:
        raise CommandError(f"{file} cannot be read ({error.strerror})") from None
