"""An EHR on the loopback that holds one patient, and the settings that point to it."""

import uuid
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from compliance.access.domain import AccessGrant, Action, Actor, Purpose, Role
from tests.ehr_integration.ehr import serving


@pytest.fixture
def grant_for():
    def make(patient_id="p1"):
        return AccessGrant(
            actor=Actor(username="alma", role=Role.CLINICIAN),
            patient_id=patient_id,
            purpose=Purpose.TREATMENT,
            action=Action.ASK,
            event_id=uuid.uuid4(),
            granted_at=datetime.now(UTC),
        )

    return make


@pytest.fixture
def ehr_at(settings):
    """Starts an EHR that answers as told, and points the settings to it."""
    with ExitStack() as stack:

        def start(answer, *, deadline_seconds=3.0):
            ehr = stack.enter_context(serving(answer))
            settings.FHIR_BASE_URL = ehr.base_url
            settings.FHIR_BEARER_TOKEN = "token-1"
            settings.FHIR_DEADLINE_SECONDS = deadline_seconds
            return ehr

        yield start
