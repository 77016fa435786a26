"""The starter model, loaded once in this process for tests that look inside."""

from pathlib import Path

import pytest

from clinical.inference.llama.weights import Weights
from tests.product import MODEL_FILE


@pytest.fixture(scope="session")
def model_file() -> Path:
    if not MODEL_FILE.is_file():
        pytest.skip("there is no model file: `make content` unpacks one")
    return MODEL_FILE


@pytest.fixture(scope="session")
def weights(model_file: Path) -> Weights:
    return Weights(model_file)
