"""Specialties and routings as JSON."""

from clinical.calculators.registry import calculators
from clinical.specialties.domain import Routing, Specialty


def specialty_document(specialty: Specialty) -> dict[str, object]:
    """Return all that the specialty's folder says, and which of its calculators there are not."""
    return {
        "name": specialty.name,
        "title": specialty.title,
        "version": specialty.version,
        "prompt_version": specialty.prompt_version,
        "prompt": specialty.prompt,
        "terms": {kind: list(terms) for kind, terms in vars(specialty.terms).items()},
        "codes": {kind: sorted(codes) for kind, codes in vars(specialty.codes).items()},
        "people": dict(vars(specialty.people)),
        "corpus": {
            "specialties": list(specialty.corpus.specialties),
            "grades": [grade.name.lower() for grade in specialty.corpus.grades],
            "corpora": list(specialty.corpus.corpora),
        },
        "calculators": list(specialty.calculators),
        "calculators_unknown": unknown_calculators(specialty),
        "safety": [kind.value for kind in specialty.safety],
        "model": specialty.model,
    }


def routing_document(routing: Routing) -> dict[str, object]:
    """Return the specialty, why, and the runner-up."""
    second = routing.runner_up
    return {
        "specialty": routing.specialty.name,
        "title": routing.specialty.title,
        "reason": routing.reason,
        "is_override": routing.is_override,
        "is_fallback": routing.is_fallback,
        "prompt_version": routing.specialty.prompt_version,
        "runner_up": {"specialty": second.specialty.name, "because": second.because} if second else None,
    }


def unknown_calculators(specialty: Specialty) -> list[str]:
    """Return the calculators that the specialty names and this installation does not have."""
    return [name for name in specialty.calculators if name not in calculators()]
