"""`manage.py ehr care`: who treats whom, where no launch says it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from compliance.access.care import care_of, give_care
from compliance.access.domain import Actor
from config.audit_command.subcommand import instant
from config.ehr_command.acting import ActingSubcommand, fhir_id
from config.subcommand import Output


class Care(ActingSubcommand):
    """Notes that a clinician treats a patient."""

    name = "care"
    help = "Say that a clinician treats a patient, so that they may ask about them; --list shows whom a clinician treats."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument("--clinician", required=True, metavar="NAME", help="a clinician's account")
        parser.add_argument("--patient", type=fhir_id, metavar="ID", help="the patient's id in the EHR")
        parser.add_argument("--until", type=instant, metavar="DATE", help="when it ends (never)")
        parser.add_argument("--list", action="store_true", help="show whom the clinician treats")

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Note it, or show."""
        if options["until"] and options["until"] <= datetime.now(UTC):
            raise CommandError("--until lies in the past")
        if not options["patient"] and not options["list"]:
            raise CommandError("Give --patient, or --list")
        if options["patient"]:
            give_care(actor, options["clinician"], options["patient"], until=options["until"])
        patients = care_of(actor, options["clinician"])
        output.document({"clinician": options["clinician"], "patients": patients})
        for patient in patients:
            output.line(patient)
