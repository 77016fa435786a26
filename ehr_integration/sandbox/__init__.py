"""A demo EHR: a FHIR R4 server with eight invented patients, in a process of its own."""

from pathlib import Path

PATIENTS = Path(__file__).parent / "patients"


def patient_ids() -> list[str]:
    """Return the ids of the invented patients."""
    return sorted(record.stem for record in PATIENTS.glob("*.toml"))
