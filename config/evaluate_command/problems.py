"""How a failure of `manage.py evaluate` is told: one line on standard error, nothing on standard output, exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from clinical.evaluation.errors import EvaluationError
from clinical.evidence.errors import EvidenceError
from clinical.inference.registry.errors import RegistryError
from clinical.specialties.errors import SpecialtyError


@contextmanager
def evaluation_problems_told() -> Iterator[None]:
    """Turn every expected failure into one clear message. Raises: CommandError."""
    try:
        yield
    except (EvaluationError, EvidenceError, SpecialtyError, RegistryError) as error:
        raise CommandError(" ".join(str(error).split())) from None
    except KeyboardInterrupt:
        raise CommandError("Stopped; nothing was kept") from None
