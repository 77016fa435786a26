"""Checkpoints and GGUFs that several tests read: made once for a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clinical.inference.biogpt.conversion import import_biogpt
from tests.clinical.inference.biogpt.checkpoints import SHAPES, Sample, make_sample, write_checkpoint


@pytest.fixture(scope="session", params=SHAPES)
def shape(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def sample() -> Sample:
    return make_sample()


@pytest.fixture(scope="session")
def checkpoint(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that no test changes."""
    return write_checkpoint(sample, tmp_path_factory.mktemp("biogpt") / "checkpoint", "bin")


@pytest.fixture(scope="session")
def gguf(checkpoint: Path) -> Iterator[Path]:
    out = checkpoint.parent / "biogpt.gguf"
    import_biogpt(checkpoint, out)
    yield out
    out.unlink()


@pytest.fixture
def own_checkpoint(sample: Sample, tmp_path: Path) -> Path:
    """A folder to damage."""
    return write_checkpoint(sample, tmp_path / "checkpoint", "bin")
