"""The specialties of this installation, and the one that a question is for."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from clinical.specialties.domain import Routing, Specialty
from clinical.specialties.loading import load_specialties
from clinical.specialties.routing import Router
from ehr_integration.chart.domain import Chart


def specialties() -> tuple[Specialty, ...]:
    """Return all specialties in the order of names. Raises: SpecialtyInvalid."""
    return tuple(_router().specialties.values())


def specialty_named(name: str) -> Specialty:
    """Return the specialty of a name. Raises: SpecialtyUnknown, SpecialtyInvalid."""
    return _router().named(name)


def models() -> tuple[str, ...]:
    """Return the ids of the models that specialties ask for, each once. Raises: SpecialtyInvalid."""
    return tuple(dict.fromkeys(each.model for each in specialties() if each.model))


def route(question: str, chart: Chart | None = None, *, override: str | None = None) -> Routing:
    """Return the specialty of a question, with the reason in words.

    `override` is a name that the clinician gave: it wins. Raises: SpecialtyUnknown, SpecialtyInvalid.
    """
    return _router().route(question, chart, on=timezone.localdate(), override=override)


def _router() -> Router:
    return _read(Path(settings.TACIT_SPECIALTIES_FOLDER))


@lru_cache(maxsize=4)
def _read(own: Path) -> Router:
    """Return the router, read once: a changed folder counts from the next start."""
    return Router(load_specialties(own))
