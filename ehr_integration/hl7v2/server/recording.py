"""What the audit record says of each message received: for whom, and how it went; never what it said."""

from audit.domain import Event, Outcome
from audit.services import append
from ehr_integration.errors import MessageRefused

ACTION = "receive-disclosure"
ACTOR, ROLE, PURPOSE = "mllp", "system", "TREAT"


def record_received(patient_id: str, refused: MessageRefused | None) -> None:
    """Record a message. Raises: AuditUnavailable; the message must then not be taken."""
    append(
        Event(
            action=ACTION,
            outcome=Outcome.SUCCESS if refused is None else Outcome.FAILED,
            actor=ACTOR,
            role=ROLE,
            patient_id=patient_id,
            purpose=PURPOSE,
            reason="" if refused is None else refused.code,
            detail={"format": "hl7v2"},
        )
    )
