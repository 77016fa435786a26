"""FHIR R4's own demands, this record's, and our two profiles: AI answer and break-glass (docs/audit-events.md)."""

from audit.balp import codes
from audit.balp.codes import ACT_REASON, ACTION_SYSTEM
from audit.balp.kinds import AI_ANSWER_PROFILE, BREAK_GLASS_PROFILE
from audit.balp.profiles.rest import PATIENT
from audit.balp.profiles.rules import Profile, Rule, code, one

# Source: FHIR R4, AuditEvent; cardinalities of what this record uses.
FHIR_R4 = Profile(
    url="http://hl7.org/fhir/StructureDefinition/AuditEvent",
    rules=(
        one("resourceType", "AuditEvent"),
        Rule("id", 0, 1),
        one("type"),
        Rule("action", 0, 1, ("C", "R", "U", "D", "E")),
        one("recorded"),
        Rule("outcome", 0, 1, ("0", "4", "8", "12")),
        Rule("outcomeDesc", 0, 1),
        Rule("agent", 1),
        one("agent.requestor", "true", "false"),
        one("source"),
        one("source.observer"),
        one("entity.detail.type"),
    ),
)
RECORD = Profile(
    url="urn:tacit:profile:audit-event",
    parent=FHIR_R4.url,
    rules=(
        one("id"),
        one("meta"),
        Rule("meta.tag", 1),
        one("meta.tag.system", ACTION_SYSTEM),
        one("meta.tag.code"),
        one("action"),
        one("outcome"),
        one("agent.type"),
        one("agent.who"),
        one("source.site"),
        one("source.type"),
        one("entity.type"),
    ),
)


def details(entity: str, *names: str) -> tuple[Rule, ...]:
    """Return the rules that an entity holds each of these details once."""
    return tuple(
        rule
        for name in names
        for rule in (
            one(f"entity[{entity}].detail[{name}]"),
            one(f"entity[{entity}].detail[{name}].type", name),
        )
    )


USER = (
    one("agent[user]"),
    one("agent[user].type", code(codes.RECIPIENT)),
    one("agent[user].who"),
    one("agent[user].requestor", "true"),
)

AI_ANSWER = Profile(
    url=AI_ANSWER_PROFILE,
    rules=(
        one("type", code(codes.QUERY)),
        one("subtype[ai]", code(codes.AI_ANSWER)),
        one("action", "E"),
        one("outcome", "0"),
        one("purposeOfEvent"),
        *USER,
        Rule("agent[model]", 0, 1),
        one("agent[model].type", code(codes.DEVICE)),
        one("agent[model].who.identifier.value"),
        one("agent[model].requestor", "false"),
        *PATIENT,
        one("entity[answer]"),
        one("entity[answer].type", code(codes.ANSWER)),
        one("entity[answer].what"),
        one("entity[answer].what.identifier"),
        one("entity[answer].what.identifier.value"),
        *details(
            "answer",
            *("answer_status", "receipt_id", "commitment", "claims", "dropped_claims"),
            *("source_ids", "model", "prompt_version"),
        ),
        Rule("entity[answer].detail[specialty]", 0, 1),
        one("entity[answer].detail[specialty].type", "specialty"),
    ),
    patients=("entity[patient].what",),
)
BREAK_GLASS = Profile(
    url=BREAK_GLASS_PROFILE,
    rules=(
        one("type", code(codes.SECURITY_ALERT)),
        one("subtype[override]", code(codes.OVERRIDE_STARTED)),
        one("action", "E"),
        one("outcome", "0"),
        one("purposeOfEvent", *(f"{ACT_REASON}|{each}" for each in sorted(codes.EMERGENCY_PURPOSES))),
        *USER,
        one("agent[user].purposeOfUse"),
        *PATIENT,
        one("entity[duty]"),
        one("entity[duty].type", code(codes.REVIEW_DUTY)),
        one("entity[duty].what"),
        one("entity[duty].what.identifier"),
        one("entity[duty].what.identifier.value"),
        *details("duty", "reason", "review_due"),
    ),
    patients=("entity[patient].what",),
)
OUR_PROFILES = (FHIR_R4, RECORD, AI_ANSWER, BREAK_GLASS)
