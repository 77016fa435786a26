"""`manage.py specialties route`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate

from clinical.specialties.services import route
from config.specialties_command.documents import routing_document
from config.subcommand import Output, Subcommand
from config.values import positive
from ehr_integration.chart.domain import Category, Chart, Fact, Patient


class RouteQuestion(Subcommand):
    """Routes a question."""

    name = "route"
    help = "Say which specialty a question goes to, and why. Nothing is logged or kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("question", help="in quotation marks")
        parser.add_argument("--age", type=positive, metavar="YEARS", help="as if the chart gave this age")
        parser.add_argument("--pregnant", action="store_true", help="as if the chart said so")
        parser.add_argument("--override", metavar="NAME", help="the specialty that a clinician chose")

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Print where it goes. Raises: SpecialtyUnknown, SpecialtyInvalid."""
        chart = _chart(options["age"], localdate(), is_pregnant=options["pregnant"])
        routing = route(options["question"], chart, override=options["override"])
        output.document(routing_document(routing))
        output.line(f"{routing.reason}.")
        if routing.runner_up:
            output.line(f"Next: {routing.runner_up.specialty.title}, because {routing.runner_up.because}.")


def _chart(age: int | None, on: date, *, is_pregnant: bool) -> Chart:
    """Return a chart that says this and no more."""
    pregnancy = Fact(
        category=Category.PREGNANCY, text="Pregnancy", name="Pregnancy", reference="Condition/given", on=None
    )
    birth_date = date(on.year - age, 1, 1) if age else None
    patient = Patient(id="given", name="", sex="unknown", birth_date=birth_date)
    return Chart(patient=patient, facts=(pregnancy,) if is_pregnant else ())
