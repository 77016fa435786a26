"""Why a call of a CDS client is not answered with cards. No message quotes the call.

CdsHooksProblem
├── ClientRefused        401: the call does not prove who makes it; `code` says why
├── ClientUnverifiable   503: nobody could tell whether it does
├── RequestInvalid       400: the call is not as the specification has it; `rule_id` names the rule or the field
├── PrefetchMissing      412: no data of the patient, neither sent nor to be had
└── CardInvalid          our own card is not as the specification has it; `rule_id` names the rule or the field
"""

from ehr_integration.errors import EhrError


class CdsHooksProblem(EhrError):
    """A call of a CDS client was not answered with cards."""


class ClientRefused(CdsHooksProblem):
    """The call does not prove who makes it."""

    def __init__(self, code: str) -> None:
        """Keep the code, one of our own words."""
        super().__init__(f"The CDS client is not known, or its token is not valid ({code})")
        self.code = code

    @property
    def www_authenticate(self) -> str:
        """The header of the answer. Source: RFC 6750, section 3."""
        if self.code == "no-token":
            return 'Bearer realm="cds-services"'
        return f'Bearer realm="cds-services", error="invalid_token", error_description="{self.code}"'


class ClientUnverifiable(CdsHooksProblem):
    """The client's keys, or the memory of used tokens, cannot be had now: without them, nobody is believed."""


class RequestInvalid(CdsHooksProblem):
    """The call is not as the specification has it."""

    def __init__(self, rule_id: str, message: str) -> None:
        """Keep the rule's id, or the field's path; the message begins with it."""
        super().__init__(f"{rule_id}: {message}")
        self.rule_id = rule_id


class PrefetchMissing(CdsHooksProblem):
    """The patient was neither sent nor to be had from the client's FHIR server."""


class CardInvalid(CdsHooksProblem):
    """Our own card is not as the specification has it."""

    def __init__(self, rule_id: str, message: str) -> None:
        """Keep the rule's id, or the field's name; the message begins with it."""
        super().__init__(f"{rule_id}: {message}")
        self.rule_id = rule_id
