"""A FHIR Patient as the demographics that change an answer."""

from ehr_integration.chart.domain import Patient
from ehr_integration.chart.reading.elements import JsonObject, moment, words
from ehr_integration.fhir.json_values import objects

PREFERRED_USES = ("official", "usual")


def read_patient(resource: JsonObject) -> Patient:
    """Return the demographics; a partial birth date becomes its first day."""
    born = moment(resource, "birthDate")
    return Patient(
        id=words(resource.get("id")),
        name=_name(resource),
        sex=words(resource.get("gender")) or "unknown",
        birth_date=born.on if born else None,
    )


def _name(resource: JsonObject) -> str:
    names = [name for name in objects(resource.get("name")) if name.get("use") != "old"]
    ranked = sorted(names, key=lambda name: name.get("use") not in PREFERRED_USES)
    return next(filter(None, map(_in_full, ranked)), "Name not given")


def _in_full(name: JsonObject) -> str:
    if text := words(name.get("text")):
        return text
    given = name.get("given")
    parts = [*(given if isinstance(given, list) else []), name.get("family")]
    return " ".join(filter(None, map(words, parts)))
