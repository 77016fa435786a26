"""The scopes that we ask for: what the chart reads, and no more (45 CFR 164.502(b), minimum necessary)."""

from ehr_integration.connections.domain import Connection

# A test holds these against what the chart searches for.
READ = (
    "Patient.rs",
    "AllergyIntolerance.rs",
    "Condition.rs",
    "DocumentReference.rs",
    "Encounter.rs",
    "Medication.r",
    "MedicationRequest.rs",
    "Observation.rs",
    "Procedure.rs",
)


def clinical_scopes(context: str) -> str:
    """Return the scopes of the chart for "patient", "user" or "system"."""
    return " ".join(f"{context}/{each}" for each in READ)


def launch_scopes(connection: Connection, *, is_from_ehr: bool) -> str:
    """Return what a launch asks for; a connection may name its own clinical scopes."""
    began = "launch" if is_from_ehr else "launch/patient"
    return f"{began} openid fhirUser online_access {connection.scopes or clinical_scopes('patient')}"


def backend_scopes(connection: Connection) -> str:
    """Return what a backend service asks for."""
    return connection.backend_scopes or clinical_scopes("system")
