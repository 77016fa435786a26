"""The REST profiles of IHE BALP 1.1: Create, Read, Update, Delete and Query, each also for a patient."""

from audit.balp import codes
from audit.balp.codes import INTERACTION, Coding
from audit.balp.kinds import IHE
from audit.balp.profiles.rules import MANY, Profile, Rule, code, none, one

OBJECT_ROLES = (code(codes.DOMAIN_ROLE), code(codes.REPORT_ROLE), code(codes.JOB_ROLE))
DATA_SOURCES = (codes.AUTHOR, codes.INFORMANT, codes.CUSTODIAN_PERSON)

PATIENT = (
    one("entity[patient]"),
    one("entity[patient].type", code(codes.PERSON)),
    Rule("entity[patient].role", 1, MANY, (code(codes.PATIENT_ROLE),)),
    one("entity[patient].what"),
)
DATA = (
    one("entity[data]"),
    one("entity[data].type", code(codes.SYSTEM_OBJECT)),
    one("entity[data].what"),
)
QUERY = (
    one("entity[query]"),
    one("entity[query].type", code(codes.SYSTEM_OBJECT)),
    Rule("entity[query].role", 1, MANY, (code(codes.QUERY_ROLE),)),
    none("entity[query].what"),
    none("entity[query].lifecycle"),
    Rule("entity[query].description", 0, 1),
    one("entity[query].query"),
    none("entity[query].detail"),
)


def interactions(name: str, *interaction: str) -> tuple[Rule, ...]:
    """Return the rules that one subtype is one of these interactions."""
    allowed = tuple(code(Coding(INTERACTION, each)) for each in interaction)
    return (Rule("subtype", 1), one(f"subtype[{name}]", *allowed))


def system(part: str, coding: Coding) -> tuple[Rule, ...]:
    """Return the rules of a system that takes part."""
    return (
        one(f"agent[{part}]"),
        one(f"agent[{part}].type", code(coding)),
        one(f"agent[{part}].who"),
        one(f"agent[{part}].network"),
        none(f"agent[{part}].media"),
    )


def user(*codings: Coding) -> tuple[Rule, ...]:
    """Return the rules of the account that acts, where there is one."""
    return (
        Rule("agent[user]", 0, 1),
        one("agent[user].type", *map(code, codings)),
        one("agent[user].who"),
        Rule("agent[user].requestor", codes=("true",)),
        none("agent[user].media"),
        none("agent[user].network"),
    )


def rest(
    name: str,
    action: str,
    subtypes: tuple[Rule, ...],
    parts: tuple[tuple[Rule, ...], ...],
    about: tuple[Rule, ...],
) -> Profile:
    """Return a REST profile; only its success conforms."""
    return Profile(
        url=f"{IHE}{name}",
        rules=(
            Rule("type", codes=(code(codes.REST),)),
            *subtypes,
            Rule("action", codes=(action,)),
            one("recorded"),
            Rule("outcome", 1, MANY, ("0",)),
            Rule("agent", 2),
            *(rule for part in parts for rule in part),
            Rule("entity", 1),
            Rule("entity[transaction]", 0, 1),
            one("entity[transaction].type", code(codes.REQUEST_ID)),
            one("entity[transaction].what.identifier.value"),
            *about,
        ),
    )


def of_patient(parent: Profile, name: str, *, entities: int, typed: bool = True) -> Profile:
    """Return the profile for a patient's data; two of them leave the patient's `type` to the fixed code."""
    cardinality = 1 if typed else 0
    rules = tuple(
        rule._replace(low=cardinality, high=1 if typed else MANY)
        if rule.path == "entity[patient].type"
        else rule
        for rule in PATIENT
    )
    return Profile(
        url=f"{IHE}{name}",
        parent=parent.url,
        rules=(Rule("entity", entities), *rules),
        patients=("entity[patient].what",),
    )


ROLE_OPTIONAL = (Rule("entity[data].role", codes=OBJECT_ROLES),)
ROLE_MANDATORY = (Rule("entity[data].role", 1, MANY, OBJECT_ROLES),)

READ = rest(
    "Read",
    "R",
    interactions("anyRead", "read", "vread"),
    (system("client", codes.DESTINATION), system("server", codes.SOURCE), user(codes.RECIPIENT)),
    DATA + ROLE_OPTIONAL,
)
CREATE = rest(
    "Create",
    "C",
    interactions("anyCreate", "create"),
    (system("client", codes.SOURCE), system("server", codes.DESTINATION), user(*DATA_SOURCES)),
    DATA + ROLE_MANDATORY,
)
UPDATE = rest(
    "Update",
    "U",
    interactions("anyUpdate", "update", "patch"),
    (system("client", codes.SOURCE), system("server", codes.DESTINATION), user(*DATA_SOURCES)),
    DATA + ROLE_MANDATORY,
)
DELETE = rest(
    "Delete",
    "D",
    interactions("anyDelete", "delete"),
    (system("client", codes.APPLICATION), system("server", codes.CUSTODIAN), user(*DATA_SOURCES)),
    DATA + ROLE_MANDATORY,
)
SEARCH = rest(
    "Query",
    "E",
    interactions("anySearch", "search", "search-type", "search-system"),
    (system("client", codes.SOURCE), system("server", codes.DESTINATION), user(codes.RECIPIENT)),
    QUERY,
)

REST_PROFILES = (
    READ,
    CREATE,
    UPDATE,
    DELETE,
    SEARCH,
    of_patient(READ, "PatientRead", entities=2, typed=False),
    of_patient(CREATE, "PatientCreate", entities=2),
    of_patient(UPDATE, "PatientUpdate", entities=2, typed=False),
    of_patient(DELETE, "PatientDelete", entities=2),
    of_patient(SEARCH, "PatientQuery", entities=1),
)
