"""Start everything and stay until told to stop."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from clinical.errors import EngineError
from clinical.inference.remote.errors import UnsafeServer
from clinical.inference.remote.probe import check_report
from clinical.inference.services import probe_remote
from compliance.access.accounts import DEMO_ACCOUNTS, ensure_demo_accounts, give_demo_passwords
from config import processes, stack
from config.commands import problems_told
from config.loading import load_with_progress
from ehr_integration.sandbox import patient_ids

SECONDS_BETWEEN_LOOKS = 1.0


class Command(BaseCommand):
    """`manage.py run`, which `make run` calls."""

    help = (
        "Migrate, load the starter evidence, and start Redis, the demo EHR, the model, the worker, the audit sealer "
        "and the web server; stop them with Ctrl-C. What runs already, or is named in the environment, is used as it is."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, announce, watch."""
        if not processes.is_port_free(settings.TACIT_PORT):
            raise CommandError(f"Port {settings.TACIT_PORT} is in use: stop what uses it, or set TACIT_PORT")
        self._check_model_server()
        call_command("migrate", verbosity=0)
        load_with_progress()
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
        with problems_told(self), stack.everything() as children:
            self._announce()
            try:
                self._watch(children, stop)
            except KeyboardInterrupt:
                self.stdout.write("\nStopping.")

    def _check_model_server(self) -> None:
        """Probe the hospital's own model server, where there is one. Raises: CommandError where it is unsafe."""
        try:
            report = probe_remote()
            if report is not None:
                check_report(report)
                self.stdout.write(f"Model server: all {len(report.checks)} checks passed\n{report}")
        except UnsafeServer as error:
            raise CommandError(f"Not started. {error}") from None
        except EngineError as error:
            # As without a local engine: what the chart holds is said, and why there is no answer.
            self.stderr.write(f"Model server: {error}. It is probed again with the first question")

    def _announce(self) -> None:
        self.stdout.write(self.style.SUCCESS(f"\nTacit runs at http://127.0.0.1:{settings.TACIT_PORT}/"))
        if settings.IS_DEMO:
            self._announce_accounts()
        self.stdout.write("Stop with Ctrl-C. Logs: " + str(settings.TACIT_HOME / "logs"))

    def _announce_accounts(self) -> None:
        ensure_demo_accounts(patient_ids())
        made = give_demo_passwords()
        if not made:
            names = ", ".join(DEMO_ACCOUNTS)
            self.stdout.write(
                f"Demo accounts: {names}. Forgot a password? python manage.py demo_accounts --renew"
            )
            return
        self.stdout.write("Demo accounts (these passwords are shown only once):")
        for credentials in made:
            self.stdout.write(f"  {credentials.username:<8}{credentials.password:<20}{credentials.role}")

    def _watch(self, children: list[processes.Child], stop: threading.Event) -> None:
        while not stop.wait(SECONDS_BETWEEN_LOOKS):
            for child in children:
                if child.revive():
                    self.stderr.write(f"{child} had ended and was started again")
