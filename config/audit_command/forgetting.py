"""`manage.py audit shred` and `purge`: what may go, and how."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from audit.operations.forgetting import shred_patient
from audit.operations.retention import RETENTION_YEARS, purge
from compliance.access.domain import Action, Actor
from compliance.access.services import recorded_use
from config.audit_command.subcommand import ActingSubcommand, instant, justification
from config.subcommand import Output


class ShredPatient(ActingSubcommand):
    """Takes a patient out of the record."""

    name = "shred"
    help = "Destroy the keys over one patient's identifiers in the record. It cannot be undone; every proof still holds."
    demo_account = "olga"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("patient", help="the patient's id in the EHR")
        parser.add_argument(
            "--reason", required=True, type=justification, help="on what ground; names no patient"
        )

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Shred. The event does not say whose keys they were: it would bring back what is to be forgotten."""
        detail = {"justification": options["reason"]}
        with recorded_use(actor, action=Action.SHRED_KEY, detail=detail):
            destroyed = shred_patient(options["patient"])
        output.document({"destroyed_keys": destroyed})
        output.line(
            f"{destroyed} keys destroyed. Copies may be in the database's backups: expire those too"
            if destroyed
            else "The record holds no key over this patient"
        )


class Purge(ActingSubcommand):
    """Drops what is older than it must be."""

    name = "purge"
    help = f"Declare in the record that entries before a day are dropped, and drop them; none younger than {RETENTION_YEARS} years."
    demo_account = "olga"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--before", required=True, type=instant, metavar="DATE", help="2020-01-31, or with a time; UTC"
        )

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Purge."""
        before = options["before"]
        with recorded_use(actor, action=Action.PURGE_AUDIT, detail={"until": before.isoformat()}):
            purged = purge(before)
        output.document({"purged": purged, "before": before.isoformat()})
        output.line(f"{purged} entries from before {before:%Y-%m-%d} are gone; their seals stay")
