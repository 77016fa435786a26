"""How a failure of `manage.py models` is told: one message, or one problem document under `--json`; exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError

from clinical.inference.benchmark.peers import PeerDidNotStart
from clinical.inference.biogpt.errors import BioGptError
from clinical.inference.registry import errors
from clinical.problems import Problem
from config.commands import problems_told, tell_problem

# The first class that matches decides. Our messages say what, where and how to fix, so they are the detail.
PROBLEMS: dict[type[Exception], Problem] = {
    errors.ModelNotRegistered: Problem(404, "model-not-registered", "The model is not registered", ""),
    errors.ModelAlreadyRegistered: Problem(409, "model-registered", "The model is registered already", ""),
    errors.ModelPackaged: Problem(409, "model-packaged", "The model comes with the product", ""),
    errors.ModelInUse: Problem(409, "model-in-use", "The model is in use", ""),
    errors.ModelFileMissing: Problem(404, "model-file-missing", "A model file is missing", ""),
    errors.ModelFileChanged: Problem(409, "model-file-changed", "A model file is not the registered one", ""),
    errors.ModelFileUnusable: Problem(422, "model-file-unusable", "The file cannot be used as a model", ""),
    errors.RegistrationIncomplete: Problem(422, "registration-incomplete", "Something is not said yet", ""),
    errors.HashUnconfirmed: Problem(409, "model-hash-unconfirmed", "The file's hash is not confirmed", ""),
    errors.DownloadError: Problem(502, "model-download-failed", "The model could not be fetched", ""),
    errors.RegistryError: Problem(422, "model-registry-invalid", "The model registry cannot be used", ""),
    PeerDidNotStart: Problem(502, "peer-not-started", "A peer of the benchmark did not start", ""),
    BioGptError: Problem(422, "biogpt-not-imported", "The checkpoint could not be imported", ""),
}


@contextmanager
def model_problems_told(command: BaseCommand, *, as_json: bool) -> Iterator[None]:
    """Turn every expected failure into one clear message and exit code 1."""
    try:
        with problems_told(command, as_json=as_json):
            yield
    except tuple(PROBLEMS) as error:
        problem = next(problem for kind, problem in PROBLEMS.items() if isinstance(error, kind))
        tell_problem(problem, str(error), command.stdout, as_json=as_json)
    except KeyboardInterrupt:
        raise CommandError("Stopped. The same command begins again; a download continues") from None
