"""`manage.py specialties list`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from clinical.specialties.services import specialties
from config.specialties_command.documents import specialty_document
from config.subcommand import Output, Subcommand

SHOWN = ("name", "title", "version", "prompt_version", "calculators_unknown")


class ListSpecialties(Subcommand):
    """Names the specialties."""

    name = "list"
    help = "Name the specialties of this installation, those of TACIT_SPECIALTIES_FOLDER included."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare no options."""

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Print them. Raises: SpecialtyInvalid."""
        documents = [specialty_document(each) for each in specialties()]
        output.document({"specialties": [{key: each[key] for key in SHOWN} for each in documents]})
        for each in documents:
            output.line(f"{each['name']:<20} {each['title']}, version {each['version']}")
