"""`manage.py ehr care`: who treats whom, where no launch says it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from compliance.access.care import current_care, end_care, give_care
from compliance.access.domain import Actor
from config.audit_command.subcommand import instant
from config.ehr_command.acting import ActingSubcommand, fhir_id
from config.subcommand import Output


class Care(ActingSubcommand):
    """Notes that a clinician treats a patient, or no more."""

    name = "care"
    help = "Say that a clinician treats a patient, so that they may ask about them; --end takes it back, --list shows who treats whom."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument("--clinician", default="", metavar="NAME", help="a clinician's account")
        parser.add_argument("--patient", type=fhir_id, metavar="ID", help="the patient's id in the EHR")
        parser.add_argument("--until", type=instant, metavar="DATE", help="when it ends (never)")
        parser.add_argument("--end", action="store_true", help="they treat the patient no more")
        parser.add_argument("--list", action="store_true", help="show who treats whom")

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Note it, or show."""
        clinician, patient = options["clinician"], options["patient"]
        _check(options)
        if patient and options["end"]:
            end_care(actor, clinician, patient)
        elif patient:
            give_care(actor, clinician, patient, until=options["until"])
        held = current_care(actor, clinician=clinician)
        rows = [
            {
                "clinician": each.clinician,
                "patient": each.patient_id,
                "until": each.ends_at.isoformat() if each.ends_at else None,
            }
            for each in held
        ]
        output.document({"care": rows})
        for row in rows:
            until = f"  until {row['until']}" if row["until"] else ""
            output.line(f"{row['clinician']}  {row['patient']}{until}")
        if not rows:
            output.line("Nobody.")


def _check(options: Mapping[str, Any]) -> None:
    """Raise CommandError where the options do not say what to do."""
    if bool(options["patient"]) == options["list"]:
        raise CommandError("Give --clinician and --patient, or --list")
    if options["patient"] and not options["clinician"]:
        raise CommandError("--clinician is missing: who treats the patient")
    if options["until"] and options["until"] <= datetime.now(UTC):
        raise CommandError("--until lies in the past: --end takes back what was said")
