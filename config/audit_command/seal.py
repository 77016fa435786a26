"""`manage.py audit seal`."""

import signal
import threading
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from audit.operations.sealer import seal_now, seal_until
from config.subcommand import Output, Subcommand


class Seal(Subcommand):
    """The sealer: as a process, or once."""

    name = "seal"
    help = "Seal what is appended, until SIGTERM or Ctrl-C (`manage.py run` starts it); or once, for a timer."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="seal what waits now, and end")

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Seal."""
        if options["once"]:
            drained, sealed = seal_now()
            output.document({"sealed": sealed, "from_spool": drained})
            output.line(f"Sealed {sealed} entries; {drained} came from the spool")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
        seal_until(stop)
        output.document({"stopped": True})
