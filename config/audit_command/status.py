"""`manage.py audit status`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from audit.errors import AuditUnavailable
from audit.operations.status import ledger_status
from compliance.access.domain import Action, Actor
from compliance.access.services import authorize_use
from config.audit_command.subcommand import ActingSubcommand
from config.subcommand import Output


class Status(ActingSubcommand):
    """Shows how the ledger stands."""

    name = "status"
    help = "Size, what is not sealed yet, newest checkpoint, who seals, keys, anchors; and what is NOT protected."

    def add_arguments(self, parser: CommandParser) -> None:
        """There are no options of its own."""

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Record the look, and show the state also where it cannot be recorded: then it is needed most."""
        problem = ""
        try:
            authorize_use(actor, action=Action.READ_AUDIT_HASHES)
        except AuditUnavailable as error:
            problem = str(error)
        status = ledger_status() | {"writable": not problem}
        output.document(status)
        if problem:
            output.note(problem)
        for line in _lines(status):
            output.line(line)


def _lines(status: Mapping[str, Any]) -> list[str]:
    checkpoint, lease, keys = status["checkpoint"], status["lease"], status["keys"]
    return [
        f"log            {status['origin']}",
        f"entries        {status['entries']:,}, of which {status['unsealed']:,} are not sealed yet",
        "checkpoint     "
        + (
            f"{checkpoint['size']:,} entries, root {checkpoint['root'][:16]}..., {checkpoint['age_seconds']} s ago"
            if checkpoint
            else "none yet"
        ),
        f"sealer         {lease['holder'] if lease and lease['is_held'] else 'none at work'}",
        f"spool          {status['spool']['waiting']} wait, {status['spool']['unreadable']} do not open",
        f"keys           {keys['keeper']}, now under {_said(keys['current_kek'])}",
        *(
            f"               {row['keys']} keys under {row['kek_id']}, {row['newest_age_days']} to {row['oldest_age_days']} days old"
            for row in keys["wrapped"]
        ),
        f"officer's key  {'STILL ON THIS MACHINE' if keys['officer_private_key_is_here'] else 'not on this machine'}",
        f"anchors        {_said(status['anchors']) or 'none'}",
        f"witness        {'may read the log with its token' if status['witness']['token_is_set'] else 'none'}",
        *(["", "Not protected:"] if status["not_protected"] else []),
        *(f"* {gap}" for gap in status["not_protected"]),
    ]


def _said(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return value.get("problem") or ", ".join(
            f"{name} (newest: {newest['newest_size']})" for name, newest in value.items()
        )
    return str(value)
