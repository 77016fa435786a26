"""`manage.py audit export`."""

import getpass
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth import authenticate
from django.core.management.base import CommandError, CommandParser

from audit.balp.actions import ACTIONS
from audit.errors import RequestInvalid
from audit.services import BEGINNING_OF_TIME
from audit.tlog.checkpoints import Checkpoint
from audit.tlog.notes import parse_note
from compliance.access.domain import Action, Actor
from compliance.access.models import Account
from compliance.access.services import authorize_use
from compliance.officer.exports.domain import ExportFormat, Selection
from compliance.officer.exports.writing import (
    archived,
    details_of,
    needs_second_person,
    patients_in,
    write_export,
)
from config.audit_command.subcommand import ActingSubcommand, instant, justification
from config.subcommand import Output

OUTCOMES = {"success": "0", "denied": "4", "failed": "8"}


class Export(ActingSubcommand):
    """Writes a package."""

    name = "export"
    help = (
        "Write who did what to whose record, when, why and with what outcome, as a package that an auditor verifies "
        "offline. It is PHI. The export is itself recorded."
    )
    demo_account = "olga"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        for name, words in (
            ("patient", "the patient's id in the EHR"),
            ("user", "an account's name"),
            ("client", "an application's name"),
            ("purpose", "purpose of use, such as TREAT"),
        ):
            parser.add_argument(f"--{name}", default="", help=f"only events of this one: {words}")
        parser.add_argument(
            "--action", default="", choices=sorted(ACTIONS), metavar="ACTION", help="such as ask"
        )
        parser.add_argument(
            "--outcome", action="append", default=[], choices=OUTCOMES, help="may be repeated"
        )
        parser.add_argument("--emergency", action="store_true", default=None, help="only emergency access")
        parser.add_argument(
            "--since",
            type=instant,
            default=BEGINNING_OF_TIME,
            metavar="DATE",
            help="2026-01-31, or with a time; UTC",
        )
        parser.add_argument("--until", type=instant, metavar="DATE", help="before this date (now)")
        parser.add_argument(
            "--format",
            default=ExportFormat.PACKAGE.value,
            choices=[each.value for each in ExportFormat],
            help="the form of the events beside the proof; package: all of them (the default)",
        )
        parser.add_argument(
            "--held",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="a checkpoint that the auditor holds, which the package is to continue; may be repeated",
        )
        parser.add_argument("--output", type=Path, metavar="FOLDER", help="a new folder (./tacit-audit-TIME)")
        parser.add_argument("--zip", action="store_true", help="one .zip beside the folder, too")
        parser.add_argument(
            "--reason",
            required=True,
            type=justification,
            help="why; goes into the record and names no patient",
        )
        parser.add_argument(
            "--approve-by",
            metavar="ACCOUNT",
            help="a second officer, who types their password: needed for more patients than TACIT_AUDIT_EXPORT_PATIENTS",
        )
        parser.add_argument(
            "--password-file",
            type=Path,
            metavar="FILE",
            help="the second officer's password (asked for on the terminal)",
        )

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Export."""
        selection = _selection(options)
        authorize_use(
            actor, action=Action.REQUEST_EXPORT, detail=details_of(selection), about=selection.patient
        )
        patients = patients_in(selection)
        approver = _approver(actor, options, patients)
        folder = options["output"] or Path(f"tacit-audit-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        manifest = write_export(
            actor,
            selection,
            folder,
            patients=patients,
            approved_by=approver,
        )
        package = archived(folder) if options["zip"] else folder
        output.document({"package": str(package), "patients": patients, "manifest": manifest})
        output.line(f"Written: {package} ({manifest['counts']['events']} events about {patients} patients)")
        output.line("It is PHI. Verify it: python verifier.py PACKAGE --key VKEY (see README.txt in it)")


def _size_of(file: Path) -> int:
    """Return the size of the tree that a checkpoint is about; its signature is the verifier's to check.

    Raises: RequestInvalid, TlogError.
    """
    try:
        note = file.read_bytes()
    except OSError as error:
        raise RequestInvalid(
            f"{file} cannot be read ({error.strerror}): --held names a checkpoint's file"
        ) from None
    return Checkpoint.parse(parse_note(note).text).size


def _selection(options: Mapping[str, Any]) -> Selection:
    now = datetime.now(UTC)
    return Selection(
        since=options["since"],
        until=min(options["until"] or now, now),
        export_format=ExportFormat(options["format"]),
        justification=options["reason"],
        patient=options["patient"],
        user=options["user"],
        client=options["client"],
        purpose=options["purpose"],
        action=options["action"],
        outcomes=tuple(OUTCOMES[each] for each in options["outcome"]),
        emergency=options["emergency"],
        held_sizes=tuple(map(_size_of, options["held"])),
    )


def _approver(actor: Actor, options: Mapping[str, Any], patients: int) -> str:
    """Return the second officer's name, empty where none is needed nor named. Raises: CommandError, AccessDenied."""
    name = options["approve_by"]
    if name is None:
        if needs_second_person(patients):
            raise CommandError(
                f"This is about {patients} patients: name a second officer with --approve-by, or narrow the filters"
            )
        return ""
    if name == actor.username:
        raise CommandError("The second officer must be another than the first: name another account")
    account = authenticate(username=name, password=_password(options, name))
    if not isinstance(account, Account):
        raise CommandError(
            "The second officer's password is wrong, or there is no such account; it was recorded"
        )
    authorize_use(account.actor, action=Action.APPROVE_EXPORT, detail={"patients": patients})
    return account.username


def _password(options: Mapping[str, Any], name: str) -> str:
    file: Path | None = options["password_file"]
    if file is None:
        return getpass.getpass(f"Password of {name}: ")
    try:
        return file.read_text().strip()
    except OSError as error:
        raise CommandError(f"{file} cannot be read ({error.strerror})") from None
