"""`manage.py specialties show`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from clinical.specialties.domain import Specialty
from clinical.specialties.services import specialty_named
from config.specialties_command.documents import is_model_registered, specialty_document, unknown_calculators
from config.subcommand import Output, Subcommand


class ShowSpecialty(Subcommand):
    """Prints a specialty."""

    name = "show"
    help = "Print what the folder of a specialty says, and which of its calculators there are not."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("specialty", metavar="NAME", help="such as infectious-disease")

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Print it. Raises: SpecialtyUnknown, SpecialtyInvalid."""
        specialty = specialty_named(options["specialty"])
        output.document(specialty_document(specialty))
        output.line(f"{specialty.title} ({specialty.prompt_version})")
        for name, value in _facts(specialty).items():
            output.line(f"  {name}: {value}")
        output.line(f"\n{specialty.prompt or '(adds nothing to the drafting prompt)'}")


def _facts(specialty: Specialty) -> dict[str, str]:
    """Return what is said, in words."""
    terms = {f"{kind} terms": ", ".join(words) for kind, words in vars(specialty.terms).items()}
    facts = {
        **terms,
        "prefers sources of": ", ".join(specialty.corpus.specialties),
        "calculators": ", ".join(specialty.calculators),
        "calculators that there are not": ", ".join(unknown_calculators(specialty)),
        "safety first": ", ".join(specialty.safety),
        "model": specialty.model or "",
        "model that is not registered": _missing_model(specialty),
    }
    return {name: value for name, value in facts.items() if value}


def _missing_model(specialty: Specialty) -> str:
    if is_model_registered(specialty) is not False:
        return ""
    return f"{specialty.model}: register it with `manage.py models add`; until then the usual one stands in"
