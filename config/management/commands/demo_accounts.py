"""Make the demo accounts, or give them new passwords."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.access.accounts import ensure_demo_accounts, give_demo_passwords
from ehr_integration.sandbox import patient_ids


class Command(BaseCommand):
    """`manage.py demo_accounts`."""

    help = "Make the demo accounts that are missing and print their random passwords, once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--renew", action="store_true", help="new passwords for all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the accounts and print what is new."""
        if not settings.IS_DEMO:
            raise CommandError("Demo accounts exist in demo mode only")
        ensure_demo_accounts(patient_ids())
        made = give_demo_passwords(renew=options["renew"])
        for credentials in made:
            self.stdout.write(f"{credentials.username:<8}{credentials.password:<20}{credentials.role}")
        if not made:
            self.stdout.write("All demo accounts exist; --renew gives them new passwords")
