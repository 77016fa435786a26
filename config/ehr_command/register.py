"""`manage.py ehr register`: a new connection, step by step."""

import argparse
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from audit.hosts import is_loopback
from compliance.access.domain import Action, Actor
from compliance.access.services import authorize_use, may, recorded_use
from config import stack
from config.ehr_command.acting import ActingSubcommand
from config.ehr_command.asking import Asking
from config.ehr_command.doctor import examined, tell
from config.ehr_command.instructions import next_steps, what_to_enter
from config.subcommand import Output
from ehr_integration.connections.checking import is_safe_address
from ehr_integration.connections.domain import ClientAuthentication, Connection, is_name, same_issuer
from ehr_integration.connections.store import connections, save
from ehr_integration.doctor.document import examination_document
from ehr_integration.errors import EhrError
from ehr_integration.fhir.capability import Capability, read_capability
from ehr_integration.fhir.client import FhirClient
from ehr_integration.fhir.origin import FhirEndpoint
from ehr_integration.fhir.vendors import recognised

# The lines of a connection that an option gives as it is.
LINES = (
    "client_id",
    "backend_client_id",
    "client_secret_file",
    "scopes",
    "cds_issuer",
    "cds_jku",
    "is_internal",
)


class Register(ActingSubcommand):
    """Registers an EHR, or changes one that is registered."""

    name = "register"
    help = "Register an EHR: looks at it, says what to enter on its side, writes the connection down, and examines it. What is not given is asked for. The same name again changes what is given and keeps the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "url",
            nargs="?",
            default="",
            metavar="URL",
            help="the EHR's FHIR base URL, above /metadata (as it was, for a name that is registered)",
        )
        parser.add_argument("--name", help="a short name for it: a-z, 0-9, hyphens (from the host)")
        parser.add_argument("--client-id", help="our client id for launches, as the EHR gave it")
        parser.add_argument(
            "--backend-client-id", help="our client id for backend services, as the EHR gave it"
        )
        parser.add_argument(
            "--client-auth",
            choices=[each.value for each in ClientAuthentication],
            help="how our client proves itself in launches (private_key_jwt for a new one)",
        )
        parser.add_argument(
            "--client-secret-file", metavar="FILE", help="file with the secret of client_secret_basic"
        )
        parser.add_argument("--scopes", help="clinical scopes of launches, in place of ours")
        parser.add_argument("--cds-issuer", metavar="ISS", help="iss of the EHR's CDS Hooks client")
        parser.add_argument(
            "--cds-jku", metavar="URL", help="address of the key set of the EHR's CDS Hooks client"
        )
        parser.add_argument(
            "--frame-origin",
            action="append",
            metavar="ORIGIN",
            help="origin of the EHR's pages that may show ours in a frame; may be given again",
        )
        parser.add_argument(
            "--internal",
            dest="is_internal",
            action=argparse.BooleanOptionalAction,
            default=None,
            help="the EHR's host may have a private address",
        )
        parser.add_argument(
            "--yes", action="store_true", help="ask nothing: what is not given stays as it is"
        )

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Walk through it."""
        if not may(actor, Action.CHANGE_CONNECTION):
            authorize_use(actor, action=Action.CHANGE_CONNECTION)
        asks = Asking(may_ask=not options["yes"] and not output.as_json and sys.stdin.isatty())
        known = _known(options)
        url = _base_url(options["url"] or asks.for_text("FHIR base URL", option="URL", default=known.url))
        name = _name(options["name"] or known.name, url, asks)
        _refuse_a_hospital_in_the_demo(url)
        with stack.for_patients():
            draft = _recognised(_changed(name, url, options), output)
            for line in what_to_enter(draft):
                output.line(line)
            connection = _with_clients(draft, options, asks)
            with recorded_use(actor, action=Action.CHANGE_CONNECTION, detail={"ehr": name}):
                save(connection)
            output.line(f"\nWritten down as {name} in {settings.TACIT_EHRS}.\n")
            with recorded_use(actor, action=Action.CHECK_CONNECTION, detail={"ehr": name}):
                examination = examined(connection, output)
        if output.as_json:
            output.document({"name": name, "vendor": connection.vendor, **examination_document(examination)})
            return
        tell(examination, output)
        for line in next_steps(connection):
            output.line(line)


class _Known(NamedTuple):
    """The name and address of a connection that is to be changed; empty for a new one."""

    name: str = ""
    url: str = ""


def _known(options: Mapping[str, Any]) -> _Known:
    base = options["url"].strip().rstrip("/").removesuffix("/metadata")
    for each in connections():
        if each.name == options["name"] or (
            not options["name"] and base and same_issuer(each.fhir_base_url, base)
        ):
            return _Known(each.name, each.fhir_base_url)
    return _Known()


def _base_url(text: str) -> str:
    url = text.strip().rstrip("/").removesuffix("/metadata")
    if not is_safe_address(url):
        raise CommandError(
            "The FHIR base URL must be https, or http on this machine, and nothing but an address"
        )
    return url


def _name(given: str, url: str, asks: Asking) -> str:
    guess = re.sub(r"[^a-z0-9]+", "-", (urlsplit(url).hostname or "ehr").lower()).strip("-")[:40]
    name = given or asks.for_text("A short name for it", option="--name", default=guess)
    if not is_name(name):
        raise CommandError("--name has up to 40 of a-z, 0-9 and hyphens, and begins with a letter or digit")
    return name


def _refuse_a_hospital_in_the_demo(url: str) -> None:
    """Raise where demo mode, with its printed passwords and no TLS, would meet an EHR beyond this machine."""
    if settings.IS_DEMO and not is_loopback(urlsplit(url).hostname or ""):
        raise CommandError(
            "Demo mode connects to EHRs on this machine only: set TACIT_MODE=production (`ehr doctor` works in both)"
        )


def _changed(name: str, url: str, options: Mapping[str, Any]) -> Connection:
    """Return the connection of this name, or a new one, with what the options give."""
    new = Connection(
        name=name,
        fhir_base_url=url,
        client_authentication=ClientAuthentication.PRIVATE_KEY,
        is_internal=is_loopback(urlsplit(url).hostname or ""),
    )
    held = next((each for each in connections() if each.name == name), new)
    given = {line: options[line] for line in LINES if options[line] is not None}
    if options["client_auth"]:
        given["client_authentication"] = ClientAuthentication(options["client_auth"])
    if options["frame_origin"] is not None:
        given["frame_origins"] = tuple(each for each in options["frame_origin"] if each)
    return replace(held, fhir_base_url=url, **given)


def _recognised(draft: Connection, output: Output) -> Connection:
    """Return the connection with its product and FHIR version, where the EHR says them."""
    capability = _looked_at(draft, output)
    if capability is None:
        return draft
    vendor = recognised(
        base_url=draft.fhir_base_url, software=capability.software, publisher=capability.publisher
    )
    return replace(
        draft,
        vendor=vendor.id if vendor else "",
        fhir_version=capability.fhir_version[:3] or draft.fhir_version,
    )


def _looked_at(draft: Connection, output: Output) -> Capability | None:
    endpoint = FhirEndpoint(base_url=draft.fhir_base_url, is_internal=draft.is_internal)
    try:
        with FhirClient(endpoint) as client:
            found = read_capability(client, deadline=client.deadline())
    except EhrError as error:
        output.note(f"The EHR could not be looked at: {error}")
        if not draft.is_internal:
            output.note("If its host has a private address, say --internal")
        return None
    if found.fhir_version:
        output.line(f"Found FHIR {found.fhir_version}, {found.software or 'unnamed software'}.\n")
    return found


def _with_clients(draft: Connection, options: Mapping[str, Any], asks: Asking) -> Connection:
    launch = asks.if_wanted("\nClient id for launches", options["client_id"], known=draft.client_id)
    backend = asks.if_wanted(
        "Client id for backend services", options["backend_client_id"], known=draft.backend_client_id
    )
    issuer = asks.if_wanted("CDS Hooks: iss of its client", options["cds_issuer"], known=draft.cds_issuer)
    jku = (
        asks.if_wanted("CDS Hooks: address of its key set", options["cds_jku"], known=draft.cds_jku)
        if issuer
        else ""
    )
    given = None if options["frame_origin"] is None else " ".join(draft.frame_origins)
    frames = asks.if_wanted(
        "Origins of EHR pages that frame us, split at spaces", given, known=" ".join(draft.frame_origins)
    )
    return replace(
        draft,
        client_id=launch,
        backend_client_id=backend,
        client_secret_file=_secret_file(draft, asks),
        cds_issuer=issuer,
        cds_jku=jku,
        frame_origins=tuple(frames.split()),
    )


def _secret_file(draft: Connection, asks: Asking) -> str:
    if draft.client_authentication is not ClientAuthentication.CLIENT_SECRET:
        return ""
    file = draft.client_secret_file or asks.for_text("File with the secret", option="--client-secret-file")
    if not Path(file).is_file():
        raise CommandError("--client-secret-file is no file: check its path")
    return str(Path(file).resolve())
