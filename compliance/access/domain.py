"""Who asks, about whom, why; and the grant that lets them read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from compliance.errors import AccessDenied


class Role(StrEnum):
    """What an account may do; one role each."""

    CLINICIAN = "clinician"
    REVIEWER = "reviewer"
    COMPLIANCE_OFFICER = "compliance_officer"
    ADMINISTRATOR = "administrator"


class Purpose(StrEnum):
    """Why a record is read. Source: HL7 v3 PurposeOfUse."""

    TREATMENT = "TREAT"
    OPERATIONS = "HOPERAT"


class Action(StrEnum):
    """What is about to be done."""

    ASK = "ask"
    LIST_PATIENTS = "list-patients"
    DECISION_SUPPORT = "decision-support"
    CALCULATE = "calculate"
    REVIEW_LITERATURE = "review-literature"
    SYNC_EVIDENCE = "sync-evidence"
    EXPORT_AUDIT = "export-audit"
    READ_METRICS = "read-metrics"
    READ_AUDIT = "read-audit"
    READ_AUDIT_HASHES = "read-audit-hashes"
    VERIFY_AUDIT = "verify-audit"
    VERIFY_RECEIPT = "verify-receipt"
    REQUEST_EXPORT = "request-export"
    APPROVE_EXPORT = "approve-export"
    ANCHOR_AUDIT = "anchor-audit"
    PURGE_AUDIT = "purge-audit"
    DECLARE_RESTORE = "declare-restore"
    SHRED_KEY = "shred-key"
    ROTATE_KEY = "rotate-key"
    REWRAP_KEYS = "rewrap-keys"
    ESCROW_KEYS = "escrow-keys"
    DRILL_ESCROW = "drill-escrow"
    TAKE_OFFICER_KEY = "take-officer-key"
    CHANGE_POLICY = "change-policy"
    CHANGE_CONNECTION = "change-connection"
    CHECK_CONNECTION = "check-connection"
    CHANGE_CARE = "change-care"
    CHANGE_RULE = "change-rule"
    REVIEW_RULES = "review-rules"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The account on whose behalf something happens."""

    username: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class AccessGrant:
    """Permission to read one patient. Only `compliance.access.services` makes one (an architecture test)."""

    actor: Actor
    patient_id: str
    purpose: Purpose
    action: Action
    event_id: UUID
    granted_at: datetime

    def check_covers(self, *actions: Action) -> None:
        """Raise AccessDenied unless the grant was given for one of these."""
        if self.action not in actions:
            raise AccessDenied(f"A grant to {self.action} does not cover {' or '.join(actions)}")
