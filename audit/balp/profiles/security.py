"""IHE BALP 1.1: disclosures, decisions by consent, and the use of OAuth access tokens."""

from audit.balp import codes
from audit.balp.codes import Coding
from audit.balp.kinds import IHE
from audit.balp.profiles.rest import PATIENT
from audit.balp.profiles.rules import MANY, Profile, Rule, code, none, one

PATIENT_REFERENCE = ("entity[patient].what",)


def disclosure(name: str, type_: Coding, action: str, *, observer: str, typed_custodian: bool) -> Profile:
    """Return a profile of a disclosure; the recipient's leaves the custodian's type to the fixed code."""
    custodian = (code(codes.RECORD_CLERK),)
    return Profile(
        url=f"{IHE}PrivacyDisclosure.{name}",
        rules=(
            none("modifierExtension"),
            Rule("type", 1, MANY, (code(type_),)),
            Rule("action", codes=(action,)),
            one("subtype[disclosure]", code(codes.DISCLOSE)),
            one("recorded"),
            one("outcome"),
            Rule("agent", 2),
            *_system("source", codes.SOURCE),
            *_system("recipient", codes.DESTINATION),
            Rule("agent[custodian]", 0, 1),
            Rule("agent[custodian].type", 1, 1, custodian)
            if typed_custodian
            else Rule("agent[custodian].type", codes=custodian),
            one("agent[custodian].who"),
            Rule("agent[authorizer]", 0, 1),
            one("agent[authorizer].type", code(codes.PATIENT_ADVOCATE)),
            one("agent[authorizer].who"),
            Rule("entity", 2),
            *PATIENT,
        ),
        observers=(f"agent[{observer}]",),
        patients=PATIENT_REFERENCE,
    )


def _system(part: str, coding: Coding) -> tuple[Rule, ...]:
    return (
        one(f"agent[{part}]"),
        one(f"agent[{part}].type", code(coding)),
        one(f"agent[{part}].who"),
        one(f"agent[{part}].network"),
    )


def _without(part: str, *elements: str) -> tuple[Rule, ...]:
    return tuple(none(f"agent[{part}].{element}") for element in elements)


def _asks_not(part: str) -> Rule:
    return Rule(f"agent[{part}].requestor", codes=("false",))


AUTHORIZATION = Profile(
    url=f"{IHE}AuthZconsent",
    rules=(
        none("modifierExtension"),
        Rule("type", 1, MANY, (code(codes.SECURITY_ALERT),)),
        Rule(
            "subtype",
            1,
            MANY,
            (code(codes.CONSENT_DECISION), code(codes.CONSENT_DECISION._replace(code="AuthZ-Role"))),
        ),
        Rule("action", codes=("E",)),
        one("recorded"),
        one("outcome"),
        Rule("agent", 2),
        *_system("client", codes.APPLICATION),
        *_without("client", "role", "altId", "name", "location", "media", "purposeOfUse"),
        one("agent[user]"),
        one("agent[user].type", code(codes.RECIPIENT)),
        one("agent[user].who"),
        Rule("agent[user].requestor", codes=("true",)),
        *_without("user", "altId", "location", "media", "network"),
        one("agent[userorg]"),
        one("agent[userorg].type", code(codes.PROVIDER)),
        one("agent[userorg].who"),
        _asks_not("userorg"),
        *_without("userorg", "role", "altId", "name", "location", "policy", "media", "network"),
        one("agent[authorizer]"),
        one("agent[authorizer].type", code(codes.AUTHORIZATION_SERVER)),
        one("agent[authorizer].who"),
        _asks_not("authorizer"),
        *_without(
            "authorizer",
            *("role", "altId", "name", "location", "policy", "media", "network", "purposeOfUse"),
        ),
        Rule("entity", 2),
        *PATIENT,
        Rule("entity[consent]", 1),
        Rule("entity[consent].type", codes=(code(codes.CONSENT),)),
        one("entity[consent].what"),
        Rule("entity[token]", 0, 1),
        one("entity[token].type", code(codes.OAUTH_AGENT)),
        one("entity[token].what"),
        one("entity[token].what.identifier"),
        one("entity[token].what.identifier.value"),
    ),
    observers=("agent[authorizer]",),
    patients=PATIENT_REFERENCE,
    closed=("entity",),
)
TOKEN = (
    Rule("agent[oUser]", 1),
    one("agent[oUser].type", code(codes.OAUTH_AGENT)),
    Rule("agent[oUser].requestor", codes=("true",)),
    one("agent[oUser].policy"),
)
OPAQUE_TOKEN = Profile(url=f"{IHE}OAUTHaccessTokenUse.Opaque", rules=TOKEN)
NAMED_TOKEN = Profile(
    url=f"{IHE}OAUTHaccessTokenUse.Minimal",
    rules=(*TOKEN, none("agent[oUser].media"), none("agent[oUser].network")),
)

SECURITY_PROFILES = (
    disclosure("Source", codes.EXPORT, "R", observer="source", typed_custodian=True),
    disclosure("Recipient", codes.IMPORT, "C", observer="recipient", typed_custodian=False),
    AUTHORIZATION,
    OPAQUE_TOKEN,
    NAMED_TOKEN,
)
