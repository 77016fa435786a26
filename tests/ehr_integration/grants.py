"""A grant as compliance.access gives one, for reading a chart."""

import uuid
from datetime import UTC, datetime

from compliance.access.domain import AccessGrant, Action, Actor, Purpose, Role


def grant_for(patient_id: str = "p1", *, action: Action = Action.ASK) -> AccessGrant:
    """Return a grant of a clinician for one patient."""
    return AccessGrant(
        actor=Actor(username="alma", role=Role.CLINICIAN),
        patient_id=patient_id,
        purpose=Purpose.TREATMENT,
        action=action,
        event_id=uuid.uuid4(),
        granted_at=datetime.now(UTC),
    )
