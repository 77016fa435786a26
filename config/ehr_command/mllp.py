"""`manage.py ehr mllp`: receives HL7 v2 messages and hands each on as FHIR."""

import asyncio
import ssl
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import close_old_connections

from audit.hosts import is_loopback
from config.subcommand import Output, Subcommand
from ehr_integration.errors import MessageRefused
from ehr_integration.hl7v2.server.forwarding import Forwarder, is_safe_url
from ehr_integration.hl7v2.server.mllp import Limits, MllpServer, server_tls
from ehr_integration.hl7v2.server.receiving import receive
from ehr_integration.hl7v2.server.recording import record_received

PORT = 2575  # IANA: hl7
LIMITS = Limits()


class Mllp(Subcommand):
    """Listens until it is stopped."""

    name = "mllp"
    help = "Receive HL7 v2 messages over MLLP and hand each on to a FHIR server. docs/legacy-in.md says how."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--forward-to", required=True, metavar="URL", help="base URL of the FHIR R4 server"
        )
        parser.add_argument("--token-file", type=Path, help="file with the bearer token for it")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
        parser.add_argument("--port", type=int, default=PORT, help="port to listen on (%(default)s)")
        parser.add_argument("--certificate", type=Path, help="PEM file with our certificate and its chain")
        parser.add_argument("--key", type=Path, help="PEM file with its private key")
        parser.add_argument(
            "--client-ca", type=Path, help="PEM file with the authorities of senders' certificates"
        )
        parser.add_argument("--max-connections", type=int, default=LIMITS.connections)
        parser.add_argument(
            "--max-bytes", type=int, default=LIMITS.message_bytes, help="bytes of one message"
        )
        parser.add_argument("--idle-seconds", type=float, default=LIMITS.idle_seconds)

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Listen. Raises: CommandError, where an option does not fit."""
        tls = _tls(options)
        if not is_safe_url(options["forward_to"]):
            raise CommandError("--forward-to must be an https address, or http on this machine")
        limits = Limits(
            connections=options["max_connections"],
            message_bytes=options["max_bytes"],
            idle_seconds=options["idle_seconds"],
        )
        with Forwarder(options["forward_to"], token=_token(options["token_file"])) as hand_on:
            server = MllpServer(partial(receive, hand_on=hand_on, record=_record), limits=limits)
            try:
                asyncio.run(_listen(server, options, tls, output))
            except OSError as error:
                raise CommandError(f"Cannot listen on port {options['port']}: {error.strerror}") from None
            except KeyboardInterrupt:
                output.note("Stopped; no message is kept")


async def _listen(
    server: MllpServer, options: Mapping[str, Any], tls: ssl.SSLContext | None, output: Output
) -> None:
    listening = await server.start(options["host"], options["port"], tls=tls)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        output.line(f"Listening on {options['host']}:{port}{' with TLS' if tls else ''}")
        await listening.serve_forever()


def _record(patient_id: str, refused: MessageRefused | None) -> None:
    close_old_connections()  # a thread keeps its own, which the database may have closed meanwhile
    record_received(patient_id, refused)


def _tls(options: Mapping[str, Any]) -> ssl.SSLContext | None:
    certificate, key = options["certificate"], options["key"]
    if certificate is None and key is None:
        if options["client_ca"] or not is_loopback(options["host"]):
            raise CommandError("Beyond this machine only with TLS: give --certificate and --key")
        return None
    if certificate is None or key is None:
        raise CommandError("TLS needs both --certificate and --key")
    try:
        return server_tls(certificate, key, clients=options["client_ca"])
    except OSError:
        raise CommandError(
            "A file of --certificate, --key or --client-ca cannot be used: check PEM and mode"
        ) from None


def _token(file: Path | None) -> str:
    try:
        return file.read_text().strip() if file else ""
    except OSError:
        raise CommandError("--token-file cannot be read: check its path and mode") from None
