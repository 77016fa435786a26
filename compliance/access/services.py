"""The only place where a grant is made: decide, audit, grant, in one transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.domain import Event, Outcome
from audit.services import append, append_all, is_in_record
from compliance.access.domain import AccessGrant, Action, Actor, Purpose, Role
from compliance.access.models import CareRelationship
from compliance.errors import AccessDenied, ComplianceError, NoCareRelationship

# Role and purpose decide; what is not listed is denied.
ALLOWED: dict[tuple[Role, Purpose], frozenset[Action]] = {
    (Role.CLINICIAN, Purpose.TREATMENT): frozenset(
        {Action.ASK, Action.LIST_PATIENTS, Action.DECISION_SUPPORT, Action.CALCULATE}
    ),
}

OFFICER, ADMINISTRATOR = frozenset({Role.COMPLIANCE_OFFICER}), frozenset({Role.ADMINISTRATOR})
# What touches no patient's record: by role alone.
ALLOWED_WITHOUT_PATIENT: dict[Action, frozenset[Role]] = {
    Action.REVIEW_LITERATURE: frozenset({Role.REVIEWER, Role.CLINICIAN}),
    Action.SYNC_EVIDENCE: frozenset({Role.REVIEWER, Role.ADMINISTRATOR}),
    Action.READ_METRICS: frozenset({Role.ADMINISTRATOR}),
    # What the record says is the officer's; an administrator keeps it running and sees no event.
    Action.READ_AUDIT: OFFICER,
    # A clinician is shown their own answers alone (clinical.answers.receipts).
    Action.VERIFY_RECEIPT: OFFICER | {Role.CLINICIAN},
    Action.REQUEST_EXPORT: OFFICER,
    Action.APPROVE_EXPORT: OFFICER,
    Action.EXPORT_AUDIT: OFFICER,
    Action.SHRED_KEY: OFFICER,
    Action.PURGE_AUDIT: OFFICER,
    Action.TAKE_OFFICER_KEY: OFFICER,
    Action.READ_AUDIT_HASHES: OFFICER | ADMINISTRATOR,
    Action.VERIFY_AUDIT: OFFICER | ADMINISTRATOR,
    Action.ANCHOR_AUDIT: OFFICER | ADMINISTRATOR,
    Action.DECLARE_RESTORE: OFFICER | ADMINISTRATOR,
    Action.DRILL_ESCROW: OFFICER | ADMINISTRATOR,
    Action.ROTATE_KEY: ADMINISTRATOR,
    Action.REWRAP_KEYS: ADMINISTRATOR,
    Action.ESCROW_KEYS: ADMINISTRATOR,
    Action.CHANGE_POLICY: ADMINISTRATOR,
    Action.CHANGE_CONNECTION: ADMINISTRATOR,
    Action.CHECK_CONNECTION: ADMINISTRATOR,
    Action.CHANGE_CARE: ADMINISTRATOR,
    Action.CHANGE_RULE: OFFICER | ADMINISTRATOR,
    Action.REVIEW_RULES: OFFICER | ADMINISTRATOR,
}


def authorize(actor: Actor, *, patient_id: str, purpose: Purpose, action: Action) -> AccessGrant:
    """Return a grant for one patient, after the decision was recorded.

    Raises: AccessDenied, NoCareRelationship (both recorded first), AuditUnavailable.
    """
    with transaction.atomic():
        refusal = _refusal(actor, patient_id=patient_id, purpose=purpose, action=action)
        event_id = append(_decision(actor, patient_id, purpose, action, refusal))
    if refusal is not None:
        raise refusal
    return _grant(actor, patient_id, purpose, action, event_id)


def authorize_for_ehr(
    actor: Actor, *, patient_id: str, purpose: Purpose, action: Action, ehr: str
) -> AccessGrant:
    """Return a grant for the patient that a registered EHR has opened for its own, authenticated user.

    The EHR's word stands for the care relationship: it decided already that this user may open this patient. The
    caller has checked that the word is the EHR's. Raises: AccessDenied (recorded first), AuditUnavailable.
    """
    with transaction.atomic():
        refusal = _role_refusal(actor, purpose=purpose, action=action)
        decision = _decision(actor, patient_id, purpose, action, refusal)
        event_id = append(replace(decision, detail={"ehr": ehr}))
    if refusal is not None:
        raise refusal
    return _grant(actor, patient_id, purpose, action, event_id)


def authorize_patients_in_care(actor: Actor, *, purpose: Purpose, only: str = "") -> tuple[AccessGrant, ...]:
    """Return a grant for the demographics of every patient in the actor's care, or of one, one audit event each.

    Raises: AccessDenied (recorded first), AuditUnavailable.
    """
    action = Action.LIST_PATIENTS
    with transaction.atomic():
        is_denied = not is_allowed(actor, purpose=purpose, action=action)
        patients = [] if is_denied else [each for each in _patients_in_care(actor) if only in ("", each)]
        denial = AccessDenied(f"The role {actor.role} may not list patients for {purpose}")
        decisions = [_decision(actor, patient, purpose, action, None) for patient in patients]
        event_ids = append_all([_decision(actor, "", purpose, action, denial)] if is_denied else decisions)
    if is_denied:
        raise denial
    return tuple(
        _grant(actor, patient, purpose, action, event_id)
        for patient, event_id in zip(patients, event_ids, strict=True)
    )


def authorize_use(
    actor: Actor, *, action: Action, detail: Mapping[str, object] | None = None, about: str = ""
) -> None:
    """Record an act that reads no chart, and return where the role may do it.

    `about` is the patient whose events an officer asks for. Raises: AccessDenied (recorded first), AuditUnavailable.
    """
    is_denied = not may(actor, action)
    append(
        Event(
            action=action,
            outcome=Outcome.DENIED if is_denied else Outcome.SUCCESS,
            actor=actor.username,
            role=actor.role,
            patient_id=about if about and _is_known(about) else "",
            reason=REASONS[AccessDenied] if is_denied else "",
            detail=detail or {},
        )
    )
    if is_denied:
        raise AccessDenied(f"The role {actor.role} may not {action}")


@contextmanager
def recorded_use(
    actor: Actor, *, action: Action, detail: Mapping[str, object] | None = None, about: str = ""
) -> Iterator[None]:
    """Record an act before the block does it, and once more where it fails. Raises: as `authorize_use`."""
    authorize_use(actor, action=action, detail=detail, about=about)
    try:
        yield
    except Exception as error:
        append(
            Event(
                action=action,
                outcome=Outcome.FAILED,
                actor=actor.username,
                role=actor.role,
                reason=type(error).__name__,
                detail=detail or {},
            )
        )
        raise


def may(actor: Actor, action: Action) -> bool:
    """Whether the role may do something that reads no patient."""
    return actor.role in ALLOWED_WITHOUT_PATIENT.get(action, frozenset())


def is_allowed(actor: Actor, *, purpose: Purpose, action: Action) -> bool:
    """Whether the role may do this for this purpose at all; the patient is another question."""
    return action in ALLOWED.get((actor.role, purpose), frozenset())


def _refusal(actor: Actor, *, patient_id: str, purpose: Purpose, action: Action) -> ComplianceError | None:
    if refusal := _role_refusal(actor, purpose=purpose, action=action):
        return refusal
    if patient_id not in _patients_in_care(actor):
        return NoCareRelationship("No patient with this id is in your care")
    return None


def _role_refusal(actor: Actor, *, purpose: Purpose, action: Action) -> AccessDenied | None:
    if is_allowed(actor, purpose=purpose, action=action):
        return None
    return AccessDenied(f"The role {actor.role} may not {action} for {purpose}")


def _patients_in_care(actor: Actor) -> list[str]:
    rows = CareRelationship.objects.current().filter(
        clinician__username=actor.username, clinician__is_active=True
    )
    return list(rows.order_by("patient_id").values_list("patient_id", flat=True))


def _is_known(patient_id: str) -> bool:
    """Whether anyone treats this patient, or ever did. What a caller sends as an id may be anything, even a name."""
    return CareRelationship.objects.filter(patient_id=patient_id).exists() or is_in_record(patient_id)


REASONS: dict[type[ComplianceError], str] = {
    AccessDenied: "role-not-allowed",
    NoCareRelationship: "no-care-relationship",
}


def _decision(
    actor: Actor, patient_id: str, purpose: Purpose, action: Action, refusal: ComplianceError | None
) -> Event:
    return Event(
        action=action,
        outcome=Outcome.SUCCESS if refusal is None else Outcome.DENIED,
        actor=actor.username,
        role=actor.role,
        patient_id=patient_id if refusal is None or _is_known(patient_id) else "",
        purpose=purpose,
        reason=REASONS[type(refusal)] if refusal is not None else "",
    )


def _grant(actor: Actor, patient_id: str, purpose: Purpose, action: Action, event_id: UUID) -> AccessGrant:
    return AccessGrant(
        actor=actor,
        patient_id=patient_id,
        purpose=purpose,
        action=action,
        event_id=event_id,
        granted_at=timezone.now(),
    )
