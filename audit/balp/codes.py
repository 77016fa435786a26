"""The code systems and codes of an AuditEvent. Sources: HL7 FHIR R4 AuditEvent, DICOM PS3.16 annex D, IHE BALP 1.1."""

from typing import Any, NamedTuple

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
DCM = "http://dicom.nema.org/resources/ontology/DCM"
EVENT_TYPE = f"{TERMINOLOGY}audit-event-type"
ENTITY_TYPE = f"{TERMINOLOGY}audit-entity-type"
OBJECT_ROLE = f"{TERMINOLOGY}object-role"
PARTICIPATION = f"{TERMINOLOGY}v3-ParticipationType"
ACT_REASON = f"{TERMINOLOGY}v3-ActReason"
INTERACTION = "http://hl7.org/fhir/restful-interaction"
BALP = "https://profiles.ihe.net/ITI/BALP"
DATA_ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
RFC_3986 = "urn:ietf:rfc:3986"
JTI = "urn:ietf:params:oauth:jti:"

# Ours.
ACTION_SYSTEM = "urn:tacit:action"
ROLE_SYSTEM = "urn:tacit:role"
ACCOUNT_SYSTEM = "urn:tacit:account"
CLIENT_SYSTEM = "urn:tacit:client"
MODEL_SYSTEM = "urn:tacit:model"
RECEIPT_SYSTEM = "urn:tacit:receipt"
ENTITY_SYSTEM = "urn:tacit:entity"
EVENT_SYSTEM = "urn:tacit:event"


class Coding(NamedTuple):
    """A code in its system."""

    system: str
    code: str
    display: str = ""

    def as_fhir(self) -> dict[str, Any]:
        """Return a new FHIR Coding."""
        if self.display:
            return {"system": self.system, "code": self.code, "display": self.display}
        return {"system": self.system, "code": self.code}

    def as_concept(self) -> dict[str, Any]:
        """Return a new FHIR CodeableConcept."""
        return {"coding": [self.as_fhir()]}


# What happened.
REST = Coding(EVENT_TYPE, "rest", "Restful Operation")
APPLICATION_ACTIVITY = Coding(DCM, "110100", "Application Activity")
AUDIT_LOG_USED = Coding(DCM, "110101", "Audit Log Used")
EXPORT = Coding(DCM, "110106", "Export")
IMPORT = Coding(DCM, "110107", "Import")
QUERY = Coding(DCM, "110112", "Query")
SECURITY_ALERT = Coding(DCM, "110113", "Security Alert")
USER_AUTHENTICATION = Coding(DCM, "110114", "User Authentication")
APPLICATION_START = Coding(DCM, "110120", "Application Start")
APPLICATION_STOP = Coding(DCM, "110121", "Application Stop")
LOGIN = Coding(DCM, "110122", "Login")
LOGOUT = Coding(DCM, "110123", "Logout")
OVERRIDE_STARTED = Coding(DCM, "110127", "Emergency Override Started")
OVERRIDE_STOPPED = Coding(DCM, "110138", "Emergency Override Stopped")
SECURITY_CONFIGURATION = Coding(DCM, "110129", "Security Configuration")
SOFTWARE_CONFIGURATION = Coding(DCM, "110131", "Software Configuration")
RESTRICTED_FUNCTION = Coding(DCM, "110132", "Use of Restricted Function")
ROLES_CHANGED = Coding(DCM, "110136", "Security Roles Changed")
USER_CHANGED = Coding(DCM, "110137", "User Security Attributes Changed")
DISCLOSE = Coding(f"{TERMINOLOGY}iso-21089-lifecycle", "disclose", "Disclose Record Lifecycle Event")
CONSENT_DECISION = Coding(
    f"{BALP}/CodeSystem/AuthZsubType", "AuthZ-Consent", "Authorization Decision using Roles and Consent"
)
AI_ANSWER = Coding(EVENT_SYSTEM, "ai-answer", "AI Answer")

# Who took part.
APPLICATION = Coding(DCM, "110150", "Application")
LAUNCHER = Coding(DCM, "110151", "Application Launcher")
DESTINATION = Coding(DCM, "110152", "Destination Role ID")
SOURCE = Coding(DCM, "110153", "Source Role ID")
CUSTODIAN = Coding(f"{TERMINOLOGY}provenance-participant-type", "custodian", "Custodian")
RECORD_CLERK = Coding("http://snomed.info/sct", "159541003", "Record keeping/library clerk")
PATIENT_ADVOCATE = Coding("http://snomed.info/sct", "429577009", "Patient Advocate")
RECIPIENT = Coding(PARTICIPATION, "IRCP", "information recipient")
AUTHOR = Coding(PARTICIPATION, "AUT", "author (originator)")
INFORMANT = Coding(PARTICIPATION, "INF", "informant")
CUSTODIAN_PERSON = Coding(PARTICIPATION, "CST", "custodian")
DEVICE = Coding(PARTICIPATION, "DEV", "device")
PROVIDER = Coding(f"{TERMINOLOGY}v3-RoleClass", "PROV", "healthcare provider")
AUTHORIZATION_SERVER = Coding(f"{TERMINOLOGY}extra-security-role-type", "authserver", "authorization server")
OAUTH_AGENT = Coding(f"{BALP}/CodeSystem/UserAgentTypes", "UserOauthAgent", "User OAuth Agent participant")

# What it was about.
PERSON = Coding(ENTITY_TYPE, "1", "Person")
SYSTEM_OBJECT = Coding(ENTITY_TYPE, "2", "System Object")
CONSENT = Coding("http://hl7.org/fhir/resource-types", "Consent", "Consent")
REQUEST_ID = Coding(f"{BALP}/CodeSystem/BasicAuditEntityType", "XrequestId")
PATIENT_ROLE = Coding(OBJECT_ROLE, "1", "Patient")
REPORT_ROLE = Coding(OBJECT_ROLE, "3", "Report")
DOMAIN_ROLE = Coding(OBJECT_ROLE, "4", "Domain Resource")
SECURITY_RESOURCE_ROLE = Coding(OBJECT_ROLE, "13", "Security Resource")
JOB_ROLE = Coding(OBJECT_ROLE, "20", "Job")
QUERY_ROLE = Coding(OBJECT_ROLE, "24", "Query")
DETAILS = Coding(ENTITY_SYSTEM, "details", "Details of the event")
ANSWER = Coding(ENTITY_SYSTEM, "answer", "AI answer")
REVIEW_DUTY = Coding(ENTITY_SYSTEM, "review-duty", "Duty to review an emergency override")

APPLICATION_SERVER = Coding(f"{TERMINOLOGY}security-source-type", "4", "Application Server")
EMERGENCY_PURPOSES = frozenset({"BTG", "ETREAT"})
