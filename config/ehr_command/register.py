"""`manage.py ehr register`: a new connection, step by step."""

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from audit.hosts import is_loopback
from compliance.access.domain import Action, Actor
from compliance.access.services import recorded_use
from config import stack
from config.ehr_command.acting import ActingSubcommand
from config.ehr_command.doctor import examined, tell
from config.subcommand import Output
from ehr_integration.connections.checking import is_safe_address
from ehr_integration.connections.domain import ClientAuthentication, Connection, is_name
from ehr_integration.connections.store import connections, save
from ehr_integration.doctor.document import examination_document
from ehr_integration.errors import EhrError
from ehr_integration.fhir.capability import Capability, read_capability
from ehr_integration.fhir.client import FhirClient
from ehr_integration.fhir.origin import FhirEndpoint
from ehr_integration.fhir.vendors import recognised
from ehr_integration.smart.launching import callback_url
from ehr_integration.smart.scopes import clinical_scopes, launch_scopes


class Register(ActingSubcommand):
    """Registers an EHR, or changes one that is registered."""

    name = "register"
    help = "Register an EHR: looks at it, says what to enter on its side, writes the connection down, and examines it. What is not given is asked for. The same name again changes it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "url", nargs="?", default="", metavar="URL", help="the EHR's FHIR base URL, above /metadata"
        )
        parser.add_argument("--name", help="a short name for it: a-z, 0-9, hyphens (from the host)")
        parser.add_argument("--client-id", help="our client id for launches, as the EHR gave it")
        parser.add_argument(
            "--backend-client-id", help="our client id for backend services, as the EHR gave it"
        )
        parser.add_argument(
            "--client-auth",
            choices=[each.value for each in ClientAuthentication],
            help="how our client proves itself in launches (private_key_jwt)",
        )
        parser.add_argument(
            "--client-secret-file", default="", help="file with the secret of client_secret_basic"
        )
        parser.add_argument("--scopes", default="", help="clinical scopes of launches, in place of ours")
        parser.add_argument("--cds-issuer", default="", help="iss of the EHR's CDS Hooks client")
        parser.add_argument(
            "--cds-jku", default="", help="address of the key set of the EHR's CDS Hooks client"
        )
        parser.add_argument(
            "--frame-origin",
            action="append",
            default=[],
            help="origin of the EHR's pages that may show ours in a frame",
        )
        parser.add_argument(
            "--internal", action="store_true", help="the EHR's host may have a private address"
        )
        parser.add_argument("--yes", action="store_true", help="ask nothing: what is not given stays empty")

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Walk through it."""
        asks = _Asking(output, may_ask=not options["yes"] and not output.as_json and sys.stdin.isatty())
        url = _base_url(options["url"] or asks.for_text("FHIR base URL of the EHR", option="URL"))
        name = _name(options["name"], url, asks)
        _refuse_a_hospital_in_the_demo(url)
        draft = _draft(name, url, options)
        with stack.for_patients():
            capability = _looked_at(draft, output)
            vendor = (
                recognised(base_url=url, software=capability.software, publisher=capability.publisher)
                if capability
                else None
            )
            draft = replace(draft, vendor=vendor.id if vendor else "", fhir_version=_version(capability))
            for line in what_to_enter(draft):
                output.line(line)
            connection = _with_clients(draft, options, asks)
            with recorded_use(actor, action=Action.CHANGE_CONNECTION, detail={"ehr": name}):
                save(connection)
            output.line(f"\nWritten down as {name} in {settings.TACIT_EHRS}.\n")
            examination = examined(connection, output)
        if output.as_json:
            output.document({"name": name, "vendor": connection.vendor, **examination_document(examination)})
            return
        tell(examination, output)
        for line in next_steps(connection):
            output.line(line)


class _Asking:
    """Asks on a terminal; elsewhere says which option is missing."""

    def __init__(self, output: Output, *, may_ask: bool) -> None:
        self._output, self.may_ask = output, may_ask

    def for_text(self, question: str, *, option: str, default: str = "") -> str:
        if not self.may_ask:
            if default:
                return default
            raise CommandError(f"{option} is missing: give it, or run this on a terminal")
        hint = f" [{default}]" if default else ""
        return input(f"{question}{hint}: ").strip() or default

    def if_wanted(self, question: str) -> str:
        return input(f"{question} (empty: none): ").strip() if self.may_ask else ""


def _base_url(text: str) -> str:
    url = text.strip().rstrip("/").removesuffix("/metadata")
    if not is_safe_address(url):
        raise CommandError(
            "The FHIR base URL must be https, or http on this machine, and nothing but an address"
        )
    return url


def _name(given: str | None, url: str, asks: _Asking) -> str:
    known = next((each.name for each in connections() if each.fhir_base_url.rstrip("/") == url), "")
    guess = known or re.sub(r"[^a-z0-9]+", "-", (urlsplit(url).hostname or "ehr").lower()).strip("-")[:40]
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


def _draft(name: str, url: str, options: Mapping[str, Any]) -> Connection:
    method = options["client_auth"] or ClientAuthentication.PRIVATE_KEY.value
    return Connection(
        name=name,
        fhir_base_url=url,
        client_authentication=ClientAuthentication(method),
        client_secret_file=options["client_secret_file"],
        scopes=options["scopes"],
        cds_issuer=options["cds_issuer"],
        cds_jku=options["cds_jku"],
        frame_origins=tuple(options["frame_origin"]),
        is_internal=options["internal"] or is_loopback(urlsplit(url).hostname or ""),
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


def _version(capability: Capability | None) -> str:
    return capability.fhir_version[:3] if capability and capability.fhir_version else "4.0"


def what_to_enter(connection: Connection) -> list[str]:
    """Return the lines that the EHR team needs to register us."""
    base = settings.TACIT_BASE_URL
    return [
        "Give this to the EHR team, to register us as an app:",
        f"  Launch URL          {base}/smart/launch",
        f"  Redirect URI        {callback_url()}",
        f"  Key set (JWKS)      {base}/.well-known/jwks.json",
        "  Authentication      private_key_jwt with ES384 or RS384, PKCE S256",
        f"  Scopes of launches  {launch_scopes(connection, is_from_ehr=True)}",
        f"  Scopes of backend   {clinical_scopes('system')}",
        f"  CDS Hooks           {base}/cds-services",
    ]


def _with_clients(draft: Connection, options: Mapping[str, Any], asks: _Asking) -> Connection:
    launch = (
        options["client_id"]
        if options["client_id"] is not None
        else asks.if_wanted("\nClient id for launches")
    )
    backend = options["backend_client_id"]
    if backend is None:
        backend = asks.if_wanted("Client id for backend services")
    issuer = draft.cds_issuer or asks.if_wanted("CDS Hooks: iss of the EHR's client")
    jku = draft.cds_jku or (asks.if_wanted("CDS Hooks: address of its key set") if issuer else "")
    frames = draft.frame_origins or tuple(
        asks.if_wanted("Origins of EHR pages that frame us, split at spaces").split()
    )
    return replace(
        draft,
        client_id=launch,
        backend_client_id=backend,
        cds_issuer=issuer,
        cds_jku=jku,
        frame_origins=frames,
    )


def next_steps(connection: Connection) -> list[str]:
    """Return what a person does next, shortest way to a first answer first."""
    steps = []
    if connection.client_id:
        steps.append(
            f"Open {settings.TACIT_BASE_URL}/smart/start/{connection.name} and choose a patient, or open Tacit from a record."
        )
    steps.append(
        f"Without a launch: set FHIR_BASE_URL={connection.fhir_base_url}"
        + ("" if connection.backend_client_id else " and FHIR_BEARER_TOKEN")
        + ", say who treats whom with `manage.py ehr care --clinician NAME --patient ID`, and ask: "
        '`manage.py ask --patient ID "..."`.'
    )
    steps.append(f"After the EHR team changed something: `manage.py ehr doctor {connection.name}`.")
    return ["", "Next:", *(f"{number}. {step}" for number, step in enumerate(steps, start=1))]
