"""An EHR on the loopback that holds one patient, and the settings that point to it."""

from contextlib import ExitStack

import pytest

from tests.ehr_integration import grants
from tests.ehr_integration.ehr import serving


@pytest.fixture
def grant_for():
    return grants.grant_for


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
