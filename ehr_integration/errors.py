"""What can go wrong between us and an EHR. Messages never carry patient data.

EhrError
├── EhrUnavailable        no answer, or a server error
├── EhrTimeout            no answer within the deadline
├── EhrRefused            401, 403: our credentials or scopes
├── EhrInvalidResponse    not FHIR, or not what was asked for
└── PatientNotFound       404, 410, or an empty search
"""


class EhrError(Exception):
    """The EHR did not give what was asked for."""


class EhrUnavailable(EhrError):
    """The EHR cannot be reached, or answered with a server error."""


class EhrTimeout(EhrError):
    """The EHR did not answer within the deadline."""


class EhrRefused(EhrError):
    """The EHR refused our credentials or scopes."""


class EhrInvalidResponse(EhrError):
    """The EHR answered with something that is not the FHIR resource asked for."""


class PatientNotFound(EhrError):
    """The EHR knows no such patient."""
