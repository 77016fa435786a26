"""`manage.py audit restore`, `anchor` and `vkey`: checkpoints, and the key that signs them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from audit.operations.checkpoints import anchor_newest, verifier_key
from audit.operations.restoring import declare_restore
from compliance.access.domain import Action, Actor
from compliance.access.services import recorded_use
from config.audit_command.subcommand import ActingSubcommand
from config.subcommand import Output, Subcommand


class Restore(ActingSubcommand):
    """Declares a restore."""

    name = "restore"
    help = "After the database was restored from a backup: say in the record what was lost. Stop everything else first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--declare", action="store_true", help="write the statement; without it nothing is done"
        )
        parser.add_argument(
            "--checkpoint",
            type=Path,
            metavar="FILE",
            help="the newest checkpoint that anyone holds from before (the newest in the anchors)",
        )

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Declare it."""
        if not options["declare"]:
            raise CommandError("Say --declare: the statement stays in the record for ever")
        with recorded_use(actor, action=Action.DECLARE_RESTORE):
            lost = declare_restore(options["checkpoint"])
        output.document({"size": lost.size, "root": lost.root.hex()})
        output.line(
            f"Declared: before the restore the record had {lost.size} entries, root {lost.root.hex()[:16]}..."
        )


class Anchor(ActingSubcommand):
    """Anchors now."""

    name = "anchor"
    help = "Take the newest checkpoint to the configured anchors now; the sealer does so by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        """There are no options of its own."""

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Anchor."""
        with recorded_use(actor, action=Action.ANCHOR_AUDIT):
            anchored = anchor_newest()
        output.document({"anchored": {name: each.size for name, each in anchored.items()}})
        for name, each in anchored.items():
            output.line(f"{name}: {each.size} entries, root {each.root.hex()[:16]}...")
        if not anchored:
            output.line("Nothing is sealed yet, so there is nothing to anchor")


class ShowVerifierKey(Subcommand):
    """Prints the key to pin."""

    name = "vkey"
    help = (
        "Print the public key of the record's checkpoints, which auditors and witnesses pin. It is no secret."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """There are no options of its own."""

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Print it."""
        key = verifier_key()
        output.document({"vkey": key})
        output.line(key)
