"""An AllergyIntolerance in words: to what, with which reaction, or that none is known."""

from ehr_integration.chart.domain import Category, Fact
from ehr_integration.chart.reading.elements import (
    RXNORM,
    JsonObject,
    child,
    codes,
    concept_text,
    first_code,
    moment,
    status_code,
    words,
)
from ehr_integration.chart.reading.readings import Reading, Readings, reference_of, unreadable
from ehr_integration.fhir.json_values import objects

NONE_KNOWN = {  # SNOMED CT, and the absent and unknown data of the International Patient Summary
    "716186003": "No known allergies",
    "409137002": "No known drug allergies",
    "428607008": "No known environmental allergies",
    "429625007": "No known food allergies",
    "no-known-allergies": "No known allergies",
    "no-known-medication-allergies": "No known drug allergies",
    "no-known-environmental-allergies": "No known environmental allergies",
    "no-known-food-allergies": "No known food allergies",
}
ABBREVIATIONS = {"nka": "No known allergies", "nkda": "No known drug allergies"}


def read_allergy(resource: JsonObject) -> Readings:
    """Return the allergy as a fact; a refuted one says so, in its text and as its status."""
    code, at = child(resource, "code"), moment(resource, "onsetDateTime", "onsetPeriod", "recordedDate")
    verification = status_code(child(resource, "verificationStatus"))
    clinical = status_code(child(resource, "clinicalStatus"))
    name = _none_known(code) or concept_text(code)
    if not name:
        yield unreadable(resource, "it does not say to what the patient is allergic")
        return
    said = [verification] if verification in {"unconfirmed", "refuted"} else []
    said += [clinical] if clinical in {"inactive", "resolved"} else []
    text = name if name.casefold().startswith("no ") else _allergy(resource, name)
    yield Reading(
        fact=Fact(
            category=Category.ALLERGIES,
            text=text + (f" ({', '.join(said)})" if said else ""),
            reference=reference_of(resource),
            on=at.on if at else None,
            name=name,
            code=first_code(code, prefer=RXNORM),
            status="refuted" if verification == "refuted" else clinical,
        ),
        at=at,
    )


def is_none_known(name: str) -> bool:
    """Whether an allergy's name says that there is none."""
    return name.casefold().startswith("no known ")


def _none_known(code: JsonObject) -> str | None:
    by_code = [NONE_KNOWN[found] for found in sorted(codes(code)) if found in NONE_KNOWN]
    return by_code[0] if by_code else ABBREVIATIONS.get(concept_text(code).casefold())


def _allergy(resource: JsonObject, name: str) -> str:
    kind = "Intolerance" if resource.get("type") == "intolerance" else "Allergy"
    reactions = [_reaction(reaction) for reaction in objects(resource.get("reaction"))]
    listed = "; ".join(filter(None, reactions))
    risk = ", high criticality" if resource.get("criticality") == "high" else ""
    return f"{kind}: {name}" + (f", reaction: {listed}" if listed else "") + risk


def _reaction(reaction: JsonObject) -> str:
    shown = ", ".join(filter(None, [concept_text(item) for item in objects(reaction.get("manifestation"))]))
    severity = words(reaction.get("severity"))
    return f"{shown} ({severity})" if shown and severity else shown
