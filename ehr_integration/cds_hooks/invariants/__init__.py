"""The specification's invariants and logical models, over the JSON documents of the protocol.

Source: HL7 CDS Hooks, input/fsh/invariants and input/fsh/logicals.
"""

from ehr_integration.cds_hooks.invariants.discovery import check_services
from ehr_integration.cds_hooks.invariants.elements import Document, Violation
from ehr_integration.cds_hooks.invariants.feedback import check_feedback
from ehr_integration.cds_hooks.invariants.requests import check_request, draft_resources
from ehr_integration.cds_hooks.invariants.responses import check_response

__all__ = [
    "Document",
    "Violation",
    "check_feedback",
    "check_request",
    "check_response",
    "check_services",
    "draft_resources",
]
