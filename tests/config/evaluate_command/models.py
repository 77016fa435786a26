"""Registered models that follow a script, for tests of the command."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from clinical.errors import EngineUnavailable
from clinical.inference.registry.errors import ModelNotRegistered
from config.evaluate_command.models import AskedModel
from tests.clinical.evaluation.scripted import Say, ScriptedModel, letter_of

KNOWING, GUESSING, DOWN = "knowing", "guessing", "down"


def _knows(text: str) -> str:
    return letter_of(text, "Insulin" if "ketoacidosis" in text else "Adrenaline")


SCRIPTS: dict[str, Say] = {
    KNOWING: _knows,
    GUESSING: lambda text: letter_of(text, "Heparin"),
    DOWN: lambda _text: EngineUnavailable("scripted"),
}


@contextmanager
def scripted_model(model_id: str) -> Iterator[AskedModel]:
    """Give the scripted model of that id."""
    engine = ScriptedModel(SCRIPTS[model_id])
    yield AskedModel(id=model_id, engine=engine, where=f"{model_id}.gguf", sha256="ab" * 32)


def check_scripted(model_id: str) -> None:
    """Raise as the registry does where no script has that id."""
    if model_id not in SCRIPTS:
        raise ModelNotRegistered(f"No model is registered as {model_id!r}")


def script_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the scripts where the command looks for models."""
    monkeypatch.setattr("config.evaluate_command.multiple_choice.running.running_model", scripted_model)
    monkeypatch.setattr("config.evaluate_command.multiple_choice.suite.check_model", check_scripted)
