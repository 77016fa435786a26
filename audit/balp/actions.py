"""Our action codes, each with the kind of act it is. An action that is not here cannot be recorded."""

from audit.balp import kinds
from audit.balp.errors import UnknownAction
from audit.balp.kinds import Kind
from audit.domain import Event

ACTIONS: dict[str, Kind] = {
    # Patients' records.
    "ask": kinds.READ,
    "list-patients": kinds.READ,
    "decision-support": kinds.READ,
    "calculate": kinds.READ,
    "show-cards": kinds.CARDS_SHOWN,
    "read-record": kinds.READ,
    "search-records": kinds.SEARCH,
    "create-record": kinds.CREATE,
    "update-record": kinds.UPDATE,
    "delete-record": kinds.DELETE,
    "disclose": kinds.DISCLOSED,
    "receive-disclosure": kinds.RECEIVED,
    "decide-consent": kinds.CONSENT_DECIDED,
    "break-glass": kinds.GLASS_BROKEN,
    "end-break-glass": kinds.GLASS_MENDED,
    # What the model writes.
    "answer": kinds.ANSWERED,
    "review-literature": kinds.LITERATURE_SEARCHED,
    "sync-evidence": kinds.LITERATURE_SEARCHED,
    "review": kinds.AI_REVIEW_WRITTEN,
    # Accounts.
    "sign-in": kinds.SIGNED_IN,
    "sign-out": kinds.SIGNED_OUT,
    "credentials-set": kinds.USER_CHANGED,
    "change-roles": kinds.ROLES_CHANGED,
    # The record and the system.
    "read-audit": kinds.RECORD_READ,
    "export-audit": kinds.RECORD_EXPORTED,
    "read-audit-hashes": kinds.RECORD_READ,
    "verify-audit": kinds.RECORD_READ,
    "verify-receipt": kinds.RECORD_READ,
    "seal-audit": kinds.RESTRICTED_FUNCTION_USED,
    "anchor-audit": kinds.RESTRICTED_FUNCTION_USED,
    "request-export": kinds.RESTRICTED_FUNCTION_USED,
    "approve-export": kinds.RESTRICTED_FUNCTION_USED,
    "purge-audit": kinds.KEYS_CHANGED,
    "declare-restore": kinds.KEYS_CHANGED,
    "rotate-key": kinds.KEYS_CHANGED,
    "rewrap-keys": kinds.KEYS_CHANGED,
    "shred-key": kinds.KEYS_CHANGED,
    "escrow-keys": kinds.KEYS_CHANGED,
    "drill-escrow": kinds.RESTRICTED_FUNCTION_USED,
    "take-officer-key": kinds.KEYS_CHANGED,
    "change-policy": kinds.ROLES_CHANGED,
    "change-model": kinds.SOFTWARE_CHANGED,
    "change-connection": kinds.SOFTWARE_CHANGED,
    "check-connection": kinds.RESTRICTED_FUNCTION_USED,
    "change-care": kinds.ROLES_CHANGED,
    "change-rule": kinds.SOFTWARE_CHANGED,
    "review-rules": kinds.RESTRICTED_FUNCTION_USED,
    "start": kinds.STARTED,
    "stop": kinds.STOPPED,
    "read-metrics": kinds.RESTRICTED_FUNCTION_USED,
}


def kind_of(event: Event) -> Kind:
    """Return what kind of act an event is. Raises: UnknownAction."""
    try:
        return ACTIONS[event.action]
    except KeyError:
        raise UnknownAction(
            f"The action {event.action!r} has no kind: add it to audit/balp/actions.py"
        ) from None


def actions_of(code: str) -> frozenset[str]:
    """Return our actions that AuditEvents show as this FHIR action: C, R, U, D or E."""
    return frozenset(action for action, kind in ACTIONS.items() if kind.action == code)
