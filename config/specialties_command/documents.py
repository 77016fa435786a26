"""Specialties and routings as JSON."""

from django.conf import settings

from clinical.calculators.registry import calculators
from clinical.specialties.domain import Routing, Specialty
from config.models_command.subcommand import load_registry


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
        "model_is_registered": is_model_registered(specialty),
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


def is_model_registered(specialty: Specialty) -> bool | None:
    """Return whether the model that it asks for is registered here; None where it asks for none, or a server has them.

    Raises: RegistryInvalid.
    """
    if specialty.model is None or settings.TACIT_ENGINE_ENDPOINT:
        return None
    return any(model.id == specialty.model for model in load_registry().models)


def unknown_calculators(specialty: Specialty) -> list[str]:
    """Return the calculators that the specialty names and this installation does not have."""
    return [name for name in specialty.calculators if name not in calculators()]
