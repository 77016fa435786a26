"""A models folder of the test's own, and files to register in it."""

import hashlib
from pathlib import Path

import pytest

from clinical.inference.registry.domain import RegisteredModel
from clinical.inference.registry.registry import Registry
from tests.clinical.inference.registry.weights import CHATML, write_gguf


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def models_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def registry(models_folder: Path, tmp_path: Path) -> Registry:
    return Registry.load(content_folder=tmp_path / "content", models_folder=models_folder)


@pytest.fixture
def weights(models_folder: Path) -> Path:
    return write_gguf(models_folder / "Invented-1B.Q4_K_M.gguf", tokens=CHATML)


@pytest.fixture
def model(weights: Path) -> RegisteredModel:
    return RegisteredModel(
        id="invented-1b",
        name="Invented 1B",
        family="llama",
        file=weights,
        sha256=sha256(weights),
        source="https://models.example/invented.gguf",
        licence="MIT",
        quantisation="Q4_K_M",
        context_tokens=2048,
        template="chatml",
        intended_use="Tests",
        card={"developer": 'Nobody "at all"', "patients": "None"},
    )
