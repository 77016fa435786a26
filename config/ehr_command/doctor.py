"""`manage.py ehr doctor`: what is wrong between us and an EHR."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from compliance.access.domain import Action, Actor
from compliance.access.services import recorded_use
from config import stack
from config.ehr_command.acting import ActingSubcommand, fhir_id
from config.subcommand import Output
from ehr_integration.connections.checking import is_safe_address
from ehr_integration.connections.domain import Connection
from ehr_integration.connections.store import connection_named, connections
from ehr_integration.doctor.document import examination_document
from ehr_integration.doctor.domain import UNREGISTERED, Examination, Severity
from ehr_integration.doctor.examining import CHECKS, examine
from ehr_integration.fhir.origin import is_bearer_token

MARKS = {Severity.OK: "✓", Severity.NOTE: "·", Severity.WARNING: "!", Severity.ERROR: "✗"}


class Doctor(ActingSubcommand):
    """Examines one EHR."""

    name = "doctor"
    help = "Examine an EHR, registered or not, and say what to tell its team. docs/connecting.md says what each finding means. Exit code 1 where something does not work."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument("ehr", metavar="URL|NAME", help="its FHIR base URL, or its name in `ehr list`")
        parser.add_argument(
            "--patient",
            type=fhir_id,
            metavar="ID",
            help="a patient whom we may read (the first found)",
        )
        parser.add_argument(
            "--token-file", type=Path, help="file with an access token to use in place of our own"
        )

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Examine."""
        connection = connection_for(options["ehr"])
        token = _token(options["token_file"])
        with (
            recorded_use(actor, action=Action.CHECK_CONNECTION, detail={"ehr": connection.name}),
            stack.for_patients(),
        ):
            examination = examined(connection, output, patient_id=options["patient"] or "", token=token)
        tell(examination, output)
        if examination.count(Severity.ERROR):
            raise SystemExit(1)


def examined(connection: Connection, output: Output, *, patient_id: str = "", token: str = "") -> Examination:
    """Return the examination, with a note for each area on standard error."""
    areas = list(CHECKS)
    return examine(
        connection,
        patient_id=patient_id,
        token=token,
        report=lambda area: output.note(f"[{areas.index(area) + 1}/{len(areas)}] {area.value} …"),
    )


def tell(examination: Examination, output: Output) -> None:
    """Write what was found, area by area, then what to tell the EHR team."""
    output.document(examination_document(examination))
    for finding in examination.findings:
        output.line(f"{MARKS[finding.severity]} {finding.area.value}: {finding.what}")
    if examination.to_tell():
        output.line("\nTell the EHR team:")
        for number, text in enumerate(examination.to_tell(), start=1):
            output.line(f"{number}. {text}")
    output.line(f"\n{examination.summary}")


def connection_for(text: str) -> Connection:
    """Return the registered EHR of a name or address, or one that is made of an address alone.

    Raises: UnknownEhr, ConnectionProblem; CommandError for an address that patient data may not go to.
    """
    if "://" not in text:
        return connection_named(text)
    if not is_safe_address(text):
        raise CommandError("The address must be https, or http on this machine, and nothing but a base URL")
    base = text.rstrip("/")
    registered = [each for each in connections() if each.fhir_base_url.rstrip("/") == base]
    return (
        registered[0] if registered else Connection(name=UNREGISTERED, fhir_base_url=base, is_internal=True)
    )


def _token(file: Path | None) -> str:
    try:
        token = file.read_text("utf-8").strip() if file else ""
    except (OSError, ValueError):
        raise CommandError("--token-file cannot be read: check its path and mode") from None
    if file and not is_bearer_token(token):
        raise CommandError("--token-file must hold one access token and nothing else")
    return token
