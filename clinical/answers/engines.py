"""Which engines may word an answer, in the order in which they are asked."""

from clinical.inference.client import Engine
from clinical.inference.services import configured_engine, named_engine, usual_model
from clinical.specialties.domain import Specialty


def engines_of(specialty: Specialty) -> tuple[Engine, ...]:
    """Return the engine of the specialty's own model where it names one, then the usual one, which stands in for it."""
    if specialty.model is None or specialty.model == usual_model():
        return (configured_engine(),)
    return named_engine(specialty.model), configured_engine()
