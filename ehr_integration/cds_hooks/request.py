"""A call of a CDS service, read and checked. Source: CDS Hooks 2.0.1, "Calling a CDS Service"; 3.0 fields are accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ehr_integration.cds_hooks.drafts import with_medicines
from ehr_integration.cds_hooks.errors import RequestInvalid
from ehr_integration.cds_hooks.invariants import Violation, check_request, draft_resources
from ehr_integration.cds_hooks.invariants.requests import CONTEXTS
from ehr_integration.chart.ownership import names_patient
from ehr_integration.chart.reading.elements import child
from ehr_integration.chart.records import read_json
from ehr_integration.connections.domain import Connection, same_issuer
from ehr_integration.errors import ChartRefused, EhrInvalidResponse

MAX_BYTES = 16 * 1024 * 1024
# Should, not shall; and what is wrong with one prefetch value is that key's own affair.
BORNE = frozenset({"cds-r-2", "form:prefetch"})


@dataclass(frozen=True, kw_only=True)
class CdsRequest:
    """One call of a registered EHR.

    `user` is "Type/id"; `drafts` are all resources of the draft orders, their medicines named where the call tells
    them; `selections` are references among them. `prefetch` holds the keys that were sent, whatever they hold, None for
    "there is nothing". `access_token` is good for this call; `scope` is what it allows.
    """

    hook: str
    hook_instance: str
    user: str = field(repr=False)
    patient_id: str = field(repr=False)
    encounter_id: str = field(repr=False, default="")
    access_token: str = field(repr=False, default="")
    scope: str = ""
    drafts: tuple[dict[str, Any], ...] = field(repr=False, default=())
    selections: tuple[str, ...] = field(repr=False, default=())
    prefetch: Mapping[str, Any] = field(repr=False, default_factory=dict)


def read_request(body: bytes, *, connection: Connection) -> CdsRequest:
    """Return the call that a registered EHR sent.

    Raises: RequestInvalid, also for another `fhirServer` than the registered one (its token is sent nowhere else), and
    for a token or a draft order of another patient than the context's.
    """
    document = document_of(body)
    check_conforms(check_request(document))
    if document["hook"] not in CONTEXTS:
        raise RequestInvalid("hook", "is none that is known here: see the answer of discovery")
    context, authorization = document["context"], child(document, "fhirAuthorization")
    patient_id, drafts = context["patientId"], draft_resources(context)
    _check_server(document.get("fhirServer"), connection)
    if authorization.get("patient") not in (None, "", patient_id):
        raise RequestInvalid("fhirAuthorization.patient", "is another patient than the context's")
    _check_subjects(drafts, patient_id, connection)
    return CdsRequest(
        hook=document["hook"],
        hook_instance=document["hookInstance"],
        user=context.get("userId") or "",
        patient_id=patient_id,
        encounter_id=context.get("encounterId") or "",
        access_token=authorization.get("access_token", ""),
        scope=authorization.get("scope", ""),
        drafts=with_medicines(drafts),
        selections=tuple(context.get("selections") or ()),
        prefetch=child(document, "prefetch"),
    )


def document_of(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body. Raises: RequestInvalid."""
    if len(body) > MAX_BYTES:
        raise RequestInvalid(
            "body", f"is over {MAX_BYTES // 1024 // 1024} MiB: send less prefetch, it is fetched instead"
        )
    try:
        values = read_json(body)
    except ChartRefused:
        values = []
    if len(values) != 1 or not isinstance(values[0], dict) or body.lstrip()[:1] == b"[":
        raise RequestInvalid("body", "is not one JSON object, each name once in it, not too deep")
    return values[0]


def check_conforms(violations: Sequence[Violation]) -> None:
    """Return where nothing is broken that matters: that what is empty should be absent, does not.

    Raises: RequestInvalid, for the first violation.
    """
    for violation in violations:
        if violation.rule not in BORNE and not violation.rule.startswith("empty:"):
            raise RequestInvalid(violation.rule, f"{violation.path} is not as CDS Hooks has it")


def _check_server(server: str | None, connection: Connection) -> None:
    if server and not same_issuer(server, connection.fhir_base_url):
        raise RequestInvalid("fhirServer", "is not the address that this EHR is registered with")


def _check_subjects(drafts: Sequence[dict[str, Any]], patient_id: str, connection: Connection) -> None:
    for draft in drafts:
        owner = {**draft, "subject": child(draft, "subject") or child(draft, "patient")}
        try:
            names_patient(owner, patient_id=patient_id, base_url=connection.fhir_base_url)
        except EhrInvalidResponse:
            raise RequestInvalid(
                "context.draftOrders", "holds something of another patient than the context's"
            ) from None
