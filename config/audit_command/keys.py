"""`manage.py audit keys ...`: the changes of keys."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from audit.operations import keys
from compliance.access.domain import Action, Actor
from compliance.access.services import authorize_use, recorded_use
from config.audit_command.subcommand import ActingSubcommand
from config.subcommand import Output


class RotateKeys(ActingSubcommand):
    """Makes a new key-encryption key."""

    name = "keys rotate"
    help = "Make a new version of the key-encryption key; `keys rewrap` then wraps the older keys under it."

    def add_arguments(self, parser: CommandParser) -> None:
        """There are no options of its own."""

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Rotate, and record under which id."""
        with recorded_use(actor, action=Action.ROTATE_KEY):
            kek_id = keys.rotate()
        authorize_use(actor, action=Action.ROTATE_KEY, detail={"key_id": kek_id})
        output.document({"kek_id": kek_id})
        output.line(f"From now on keys are wrapped under {kek_id}. Next: manage.py audit keys rewrap")


class RewrapKeys(ActingSubcommand):
    """Wraps all keys under the current key-encryption key."""

    name = "keys rewrap"
    help = (
        "Wrap every key of the record under the current key-encryption key; entries themselves do not change."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--from",
            dest="from_keeper",
            default="",
            metavar="KEEPER",
            help="file, vault or aws-kms: who wrapped them, where TACIT_AUDIT_KEYS was changed",
        )

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Wrap them again."""
        with recorded_use(actor, action=Action.REWRAP_KEYS):
            rewrapped = keys.rewrap_all(from_keeper=options["from_keeper"])
        output.document({"rewrapped": rewrapped})
        output.line(
            f"{rewrapped} keys were under another key-encryption key and are under the current one now"
        )


class EscrowKeys(ActingSubcommand):
    """Splits the keyring into shares."""

    name = "keys escrow"
    help = "Write the keyring's shares, one file each, to be printed, given to different people, and removed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="where the files go")
        parser.add_argument(
            "--threshold", type=int, default=2, help="how many shares recover the keyring (2)"
        )
        parser.add_argument("--shares", type=int, default=3, help="how many are made (3)")

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Write the shares; no share is printed."""
        with recorded_use(actor, action=Action.ESCROW_KEYS):
            fingerprint, files = keys.escrow(
                options["output"], threshold=options["threshold"], count=options["shares"]
            )
        output.document({"fingerprint": fingerprint, "files": [str(file) for file in files]})
        output.line(
            f"Keyring {fingerprint}; any {options['threshold']} of these recover it. Print and remove them:"
        )
        for file in files:
            output.line(f"  {file}")


class DrillKeys(ActingSubcommand):
    """Shows that shares work."""

    name = "keys drill"
    help = (
        "Recover the keyring from shares into memory, open a key of the record with it, and change nothing."
    )
    demo_account = "olga"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("shares", nargs="+", type=Path, metavar="FILE", help="the text of a share")

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Drill, and tell what was shown."""
        with recorded_use(actor, action=Action.DRILL_ESCROW):
            report = keys.drill(options["shares"])
        output.document(
            {"fingerprint": report.fingerprint, "opened": report.key_id, "shares": list(report.shares)}
        )
        output.line(str(report))


class TakeOfficerKey(ActingSubcommand):
    """Takes the officer's private key off this machine."""

    name = "keys take-officer-key"
    help = "Move the officer's private key to a medium, print its passphrase once, and leave neither here."
    demo_account = "olga"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="the medium's folder")

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Move it."""
        with recorded_use(actor, action=Action.TAKE_OFFICER_KEY):
            taken = keys.take_officer_key(options["to"])
        output.document({"file": str(taken.file), "passphrase": taken.passphrase})
        output.line(f"The key is {taken.file}. Write its passphrase down; it is shown only now:")
        output.line(taken.passphrase)
