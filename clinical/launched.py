"""Whose record a request may ask about, and where it is: what the EHR's launch says, else what the settings say."""

from dataclasses import dataclass

from django.http import HttpRequest

from compliance.errors import NoCareRelationship
from ehr_integration.fhir.origin import FhirEndpoint
from ehr_integration.smart.domain import Launch
from ehr_integration.smart.renewing import current_launch
from ehr_integration.smart.sessions import endpoint_of


@dataclass(frozen=True, kw_only=True)
class RecordSource:
    """The launch of the session, and its EHR; both None where the account signed in with a password."""

    launch: Launch | None = None
    endpoint: FhirEndpoint | None = None

    @property
    def patient(self) -> str:
        """The one patient whom the EHR opened; empty where the account may choose."""
        return self.launch.patient if self.launch else ""

    def check_patient(self, patient_id: str) -> None:
        """Raise NoCareRelationship for another patient than the one whom the EHR opened."""
        if self.patient and patient_id != self.patient:
            raise NoCareRelationship("Another patient is open in the EHR")


def record_source(request: HttpRequest) -> RecordSource:
    """Return where the request's session reads. Raises: LaunchExpired, EhrError."""
    launch = current_launch(request)
    return RecordSource(launch=launch, endpoint=endpoint_of(launch)) if launch else RecordSource()
