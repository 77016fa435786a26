"""What tests of the record's doors put into it."""

from typing import Any

from audit.domain import Event, Outcome
from audit.services import append


def ask(patient_id: str = "af-ckd", **changes: Any) -> None:
    """Record a question."""
    values: dict[str, Any] = {
        "action": "ask",
        "outcome": Outcome.SUCCESS,
        "actor": "alma",
        "role": "clinician",
        "purpose": "TREAT",
    }
    append(Event(**values | {"patient_id": patient_id} | changes))
