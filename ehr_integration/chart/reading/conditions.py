"""A Condition in words: what it is, whether it holds, and since when."""

from ehr_integration.chart.domain import Category, Fact
from ehr_integration.chart.reading.elements import (
    SNOMED_CT,
    JsonObject,
    Moment,
    child,
    concept_text,
    first_code,
    moment,
    status_code,
    words,
)
from ehr_integration.chart.reading.readings import Reading, Readings, reference_of, unreadable

UNCERTAIN = frozenset({"unconfirmed", "provisional", "differential"})


def read_condition(resource: JsonObject) -> Readings:
    """Return the condition as a fact; a refuted one says so, in its text and as its status."""
    code, verification = child(resource, "code"), status_code(child(resource, "verificationStatus"))
    clinical = status_code(child(resource, "clinicalStatus"))
    name, began = concept_text(code), moment(resource, "onsetDateTime", "onsetPeriod")
    at, ended = (
        began or moment(resource, "recordedDate"),
        moment(resource, "abatementDateTime", "abatementPeriod"),
    )
    if not name:
        yield unreadable(resource, "it does not say which condition it is")
        return
    if verification == "refuted":
        phrases = ["refuted: the patient does not have it"]
    else:
        phrases = [verification or ""] if verification in UNCERTAIN else []
        phrases.append(_course(resource, clinical or "clinical status not given", began=began, ended=ended))
    yield Reading(
        fact=Fact(
            category=Category.CONDITIONS,
            text=f"{name} ({', '.join(phrases)})",
            reference=reference_of(resource),
            on=at.on if at else None,
            name=name,
            code=first_code(code, prefer=SNOMED_CT),
            status="refuted" if verification == "refuted" else clinical,
        ),
        at=at,
        ended_on=ended.on if ended else None,
    )


def _course(resource: JsonObject, status: str, *, began: Moment | None, ended: Moment | None) -> str:
    """Return the status with what dates it: "active since 2021-03", "resolved 2015-03, since 2015-01"."""
    recorded = moment(resource, "recordedDate")
    since = began.given if began else words(resource.get("onsetString"))
    if ended:
        return f"{status} {ended.given}" + (f", since {since}" if since else "")
    if since:
        return f"{status} since {since}" if status == "active" else f"{status}, since {since}"
    return f"{status}, recorded {recorded.given}" if recorded else status
