"""`manage.py ehr list`, `remove` and `keys`: what is registered, and what proves who we are."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from compliance.access.domain import Action, Actor
from compliance.access.services import authorize_use, recorded_use
from config.ehr_command.acting import ActingSubcommand
from config.subcommand import Output
from ehr_integration.connections.store import connections, remove
from ehr_integration.smart.keys import public_key_set, rotate_keys


class List(ActingSubcommand):
    """Lists the registered EHRs."""

    name = "list"
    help = "List the registered EHRs, and what each is registered for."

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """List them."""
        authorize_use(actor, action=Action.CHECK_CONNECTION)
        rows = [
            {
                "name": each.name,
                "url": each.fhir_base_url,
                "vendor": each.vendor,
                "launches": bool(each.client_id),
                "backend": bool(each.backend_client_id),
                "cds_hooks": bool(each.cds_issuer),
                "frames": list(each.frame_origins),
            }
            for each in connections()
        ]
        output.document({"connections": rows})
        for row in rows:
            uses = [use for use in ("launches", "backend", "cds_hooks") if row[use]]
            output.line(f"{row['name']}  {row['url']}  {', '.join(uses) or 'nothing yet'}")
        if not rows:
            output.line("None. `manage.py ehr register` adds one.")


class Remove(ActingSubcommand):
    """Takes a registered EHR out."""

    name = "remove"
    help = "Take a registered EHR out: its launches and calls are refused from then on."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument("ehr", metavar="NAME")

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Take it out."""
        with recorded_use(actor, action=Action.CHANGE_CONNECTION, detail={"ehr": options["ehr"][:40]}):
            remove(options["ehr"])
        output.document({"removed": options["ehr"]})
        output.line(f"{options['ehr']} is not registered any more.")


class Keys(ActingSubcommand):
    """Shows or rotates our signing keys."""

    name = "keys"
    help = "Show the public keys that prove to EHRs who we are; --rotate makes new ones, and the old stay published for 30 days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument("--rotate", action="store_true", help="make new keys, which sign from now on")

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Show them."""
        action = Action.CHANGE_CONNECTION if options["rotate"] else Action.CHECK_CONNECTION
        with recorded_use(actor, action=action):
            keys = _keys(rotate=options["rotate"])
        output.document({"url": f"{settings.TACIT_BASE_URL}/.well-known/jwks.json", "keys": keys})
        for key in keys:
            output.line(f"{key['alg']}  {key['kid']}")


def _keys(*, rotate: bool) -> list[dict[str, Any]]:
    try:
        if rotate:
            rotate_keys()
        return list(public_key_set()["keys"])
    except (OSError, ValueError):
        raise CommandError(
            f"{settings.TACIT_CLIENT_KEYS} cannot be used for our keys: check its owner, its mode and what it holds"
        ) from None
