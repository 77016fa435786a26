"""What can go wrong between us and an EHR. Messages never carry patient data.

EhrError
├── EhrUnavailable        no answer, or a server error
├── EhrTimeout            no answer within the deadline
├── EhrRefused            401, 403: our credentials or scopes
│   ├── ScopeMissing      our token may not do this; where its scopes are known, nothing was sent
│   └── TokenExpired      our token is not accepted any more
├── EhrInvalidResponse    not FHIR, or not what was asked for
├── PatientNotFound       404, 410, or an empty search
└── ChartRefused          no chart can be made of what was sent; `code` says why
    ├── MessageRefused    an HL7 v2 message, by segment and field
    └── DocumentRefused   a CDA document, by section
"""

from enum import StrEnum


class ChartRefusal(StrEnum):
    """Why no chart can be made."""

    UNREADABLE = "unreadable"
    UNKNOWN_FORMAT = "unknown-format"
    TOO_LARGE = "too-large"
    TOO_DEEP = "too-deep"
    NOT_JSON = "not-json"
    NOT_FHIR = "not-fhir"
    NO_PATIENT = "no-patient"
    SEVERAL_PATIENTS = "several-patients"
    PATIENTS_DISAGREE = "patients-disagree"


class EhrError(Exception):
    """The EHR did not give what was asked for."""


class EhrUnavailable(EhrError):
    """The EHR cannot be reached, or answered with a server error."""


class EhrTimeout(EhrError):
    """The EHR did not answer within the deadline."""


class EhrRefused(EhrError):
    """The EHR refused our credentials or scopes."""


class ScopeMissing(EhrRefused):
    """Our token may not do this."""


class TokenExpired(EhrRefused):
    """Our token is not accepted any more."""


class EhrInvalidResponse(EhrError):
    """The EHR answered with something that is not the FHIR resource asked for.

    `issue_code` is the code of its OperationOutcome, where it sent one (FHIR R4, issue-type); never its words.
    """

    def __init__(self, message: str, *, issue_code: str = "") -> None:
        """Keep the code for figures and for the doctor."""
        super().__init__(message)
        self.issue_code = issue_code


class PatientNotFound(EhrError):
    """The EHR knows no such patient."""


class ChartRefused(EhrError):
    """No chart can be made of what was sent; `code` is a ChartRefusal, or a reader's own code."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for figures and answers; the message says what, where, and how to fix it."""
        super().__init__(message)
        self.code = code


class MessageRefused(ChartRefused):
    """An HL7 v2 message cannot be read; `segment` and `field` say where, `condition` is of HL7 table 0357."""

    def __init__(self, condition: int, message: str, *, segment: str, field: int | None = None) -> None:
        """Keep what an acknowledgement must say; the message is prefixed with the place."""
        place = f"{segment}-{field}" if field else segment
        super().__init__(f"hl7v2-{condition}", f"{place}: {message}")
        self.condition, self.segment, self.field = condition, segment, field


class DocumentRefused(ChartRefused):
    """A CDA document cannot be read; `section` names the part: the document, its header, or a section."""

    def __init__(self, code: str, message: str, *, section: str) -> None:
        """Keep the part; the message is prefixed with it."""
        super().__init__(code, f"{section}: {message}")
        self.section = section
