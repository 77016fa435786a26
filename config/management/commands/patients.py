"""List the patients in an account's care."""

from typing import Any

from django.utils import timezone

from compliance.access.domain import Purpose
from compliance.access.services import authorize_patients_in_care
from config import stack
from config.commands import ActingCommand, problems_told
from ehr_integration.chart.services import read_patients


class Command(ActingCommand):
    """`manage.py patients`."""

    help = "List the patients in your care (the demo's eight); each is recorded as read."
    demo_account = "alma"

    def handle(self, *args: Any, **options: Any) -> None:
        """List them."""
        with problems_told(self, as_json=options["json"]):
            actor = self.actor(options["username"])
            with stack.for_patients():
                patients = read_patients(authorize_patients_in_care(actor, purpose=Purpose.TREATMENT))
        today = timezone.localdate()
        rows = [
            {
                "id": patient.id,
                "name": patient.name,
                "sex": patient.sex,
                "age_years": patient.age_years(today),
            }
            for patient in patients
        ]
        if options["json"]:
            self.write_json({"patients": rows})
            return
        for row in rows:
            age = "age unknown" if row["age_years"] is None else f"{row['age_years']} years"
            self.stdout.write(f"{row['id']:<20}{row['name']:<32}{row['sex']:<8}{age}")
