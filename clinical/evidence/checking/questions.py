"""Yes/no questions: the statement that a question asks about, and the answer that the evidence gives."""

import re

_HELPER = r"do|does|did|is|are|was|were|can|could|should|will|would|has|have|had|may|might|must"
_ASKED = re.compile(
    rf"^(?P<lead>.*?[:;,.?]\s+)?(?P<helper>{_HELPER})(?P<not>n't| not)?\s+(?P<rest>[^?]+)\??\s*$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"^(?:it|they|this|these|we)\b\s*", re.IGNORECASE)
# Where the subject of "Is X ..." ends: what X is said to be.
_PREDICATE = re.compile(
    r"\s(?=(?:an?|the|not|still|always|really|also|more|less|as|too|different|better|worse|associated|related|correlated|"
    r"effective|efficacious|safe|useful|necessary|needed|possible|feasible|reliable|valid|accurate|predictive|important|"
    r"independent|beneficial|superior|inferior|equivalent|comparable|similar|justified|appropriate|sufficient|adequate|"
    r"cost|worth|worthwhile|helpful|harmful|indicated|at|due|likely|able|required|higher|lower|common|\w{3,}ed|\w{4,}ing)\b)",
    re.IGNORECASE,
)
_BE = ("is", "are", "was", "were", "has", "have", "had")


def statement_of(question: str) -> str:
    """Return what the question asks about, as a statement; the question's own words where it opens otherwise."""
    found = _ASKED.match(" ".join(question.split()))
    if found is None:
        return question.strip().rstrip("?")
    lead = (found["lead"] or "").strip(" :;,.?")
    rest, helper = found["rest"].strip(), found["helper"].lower()
    is_be = helper in _BE
    pronoun = _PRONOUN.match(rest) if lead else None
    # "Can X predict Y" asks whether X predicts Y.
    if pronoun:
        stated, lead = " ".join((lead, *([helper] if is_be else []), rest[pronoun.end() :])), ""
    else:
        stated = _with_helper(rest, helper) if is_be else rest
    if found["not"]:
        stated = f"It is not so that {stated}"
    return f"{lead}: {stated}" if lead else stated


def _with_helper(rest: str, helper: str) -> str:
    if rest.lower().startswith("there "):
        return f"there {helper} {rest[len('there ') :]}"
    predicate = _PREDICATE.search(rest)
    if predicate is None:
        return f"{rest} {helper}" if " " not in rest else rest
    return f"{rest[: predicate.start()]} {helper}{rest[predicate.start() :]}"
