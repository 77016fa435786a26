"""A LoRA adapter changes what its model writes, by as much as it was scaled; one that does not fit is not served."""

import hashlib
import io
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import pytest
from django.core.management import call_command
from numpy.typing import NDArray

from clinical.inference.biogpt.conversion import import_biogpt
from clinical.inference.llama.context import Context
from clinical.inference.llama.tokens import token_array
from clinical.inference.llama.weights import Weights
from tests.clinical.inference.biogpt.checkpoints import Sample, make_sample, write_checkpoint
from tests.clinical.inference.drafts import bedside, library
from tests.clinical.inference.engine.adapters import change_of, lora_pair, write_lora
from tests.clinical.inference.engine.running import running_engine, start

TARGET = "blk.1.ffn_up.weight"
SOURCE = "biogpt.layers.1.fc1.weight"
PROMPT = [2, 29, 239, 145, 40, 51]
PAIR = lora_pair(TARGET, rows=1024, columns=256)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample(has_own_output=True)


@pytest.fixture(scope="module")
def base(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model of the architecture gpt2."""
    return imported(sample, tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def adapter(base: Path) -> Path:
    return write_lora(base.with_name("adapter.gguf"), PAIR, architecture="gpt2")


def imported(sample: Sample, folder: Path) -> Path:
    import_biogpt(write_checkpoint(sample, folder / "checkpoint"), folder / "base.gguf")
    return folder / "base.gguf"


def logits_of(file: Path, *adapters: tuple[Path, float]) -> NDArray[np.float32]:
    """The logits after the prompt, as the lanes compute them."""
    with (
        closing(Weights(file, adapters=adapters)) as weights,
        closing(Context(weights, tokens=64, threads=1, batch_tokens=64)) as context,
    ):
        context.decode(token_array(PROMPT))
        logits = llama_cpp.llama_get_logits_ith(context.handle, -1)
        return np.ctypeslib.as_array(logits, shape=(weights.vocabulary_size,)).copy()


def distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(one - other) / np.linalg.norm(other))


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_an_adapter_is_its_change_of_the_weights(
    scale: float, sample: Sample, base: Path, adapter: Path, tmp_path: Path
) -> None:
    changed = sample.weights[SOURCE] + np.float32(scale) * change_of(PAIR, TARGET)
    merged = imported(replace(sample, weights=sample.weights | {SOURCE: changed}), tmp_path)
    adapted = logits_of(base, (adapter, scale))
    assert distance(adapted, logits_of(base)) > 0.05
    assert distance(adapted, logits_of(merged)) < 5e-3


def test_at_scale_0_it_changes_nothing(base: Path, adapter: Path) -> None:
    assert (logits_of(base, (adapter, 0.0)) == logits_of(base)).all()


def test_two_adapters_add_up(base: Path, adapter: Path) -> None:
    twice = logits_of(base, (adapter, 0.5), (adapter, 0.5))
    assert distance(twice, logits_of(base, (adapter, 1.0))) < 5e-3


WRONG: Mapping[str, Callable[[Path], Path]] = {
    "arch mismatch": lambda file: write_lora(file, PAIR, architecture="llama"),
    "incorrect shape": lambda file: write_lora(
        file, lora_pair(TARGET, rows=1024, columns=320), architecture="gpt2"
    ),
    "does not exist in base model": lambda file: write_lora(
        file, lora_pair("blk.9.ffn_up.weight", rows=1024, columns=256), architecture="gpt2"
    ),
    "is missing one component": lambda file: write_lora(
        file, {f"{TARGET}.lora_a": PAIR[f"{TARGET}.lora_a"]}, architecture="gpt2"
    ),
    "not within the file bounds": lambda file: _cut(write_lora(file, PAIR, architecture="gpt2")),
}


def _cut(file: Path) -> Path:
    file.write_bytes(file.read_bytes()[:-500])
    return file


@pytest.mark.parametrize("reason", WRONG)
def test_one_that_does_not_fit_is_said_with_llama_cpps_reason(
    reason: str, base: Path, tmp_path: Path
) -> None:
    wrong = WRONG[reason](tmp_path / "wrong.gguf")
    with pytest.raises(ValueError, match=rf"wrong\.gguf is not an adapter of this model; .*{reason}"):
        Weights(base, adapters=[(wrong, 1.0)])


@pytest.fixture
def models(tmp_path: Path, settings: Any, base: Path) -> Path:
    """A models folder with the base's file in it."""
    folder = settings.TACIT_MODELS_FOLDER = tmp_path / "models"
    settings.TACIT_CONTENT_FOLDER = tmp_path / "content"
    folder.mkdir()
    (folder / "base.gguf").write_bytes(base.read_bytes())
    return folder


def register(models: Path, model_id: str, *adapters: str) -> None:
    said = ("--template", "plain", "--licence", "MIT", "--source", "this test", "--intended-use", "tests")
    options = [part for adapter in adapters for part in ("--adapter", adapter)]
    call_command(
        *("models", "add", str(models / "base.gguf"), "--id", model_id, *said, *options),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
    )


def told_by(folder: Path, model: str) -> str:
    """What an engine says that cannot start: once, and with the exit code that no supervisor tries again after."""
    process = start(folder / "engine.sock", folder, model=model)
    assert process.wait(30) == 78
    log = (folder / "engine.log").read_text()
    assert log.count("engine:") == 1
    assert "Traceback" not in log
    return log


def test_both_lanes_of_the_engine_write_with_the_adapter(models: Path, adapter: Path, tmp_path: Path) -> None:
    (models / "adapter.gguf").write_bytes(adapter.read_bytes())
    register(models, "bare")
    register(models, "adapted", f"style={models / 'adapter.gguf'}")
    register(models, "faint", f"style={models / 'adapter.gguf'}@0.000001")
    texts: dict[str, list[str]] = {}
    for model in ("bare", "adapted", "faint"):
        with running_engine(tmp_path, model=model) as engine:
            drafts = (bedside(max_tokens=16), library(max_tokens=16))
            texts[model] = ["".join(engine.client.write(draft)) for draft in drafts]
    assert texts["faint"] == texts["bare"]
    assert all(one != other for one, other in zip(texts["adapted"], texts["bare"], strict=True))


@pytest.mark.parametrize("reason", ["arch mismatch", "incorrect shape"])
def test_an_entry_with_a_wrong_adapter_is_said_once_and_not_tried_again(
    reason: str, models: Path, adapter: Path, tmp_path: Path
) -> None:
    (models / "adapter.gguf").write_bytes(adapter.read_bytes())
    register(models, "own", f"style={models / 'adapter.gguf'}")
    # Somebody puts another file there, and its hash into the entry by hand.
    before = hashlib.sha256(adapter.read_bytes()).hexdigest()
    after = hashlib.sha256(WRONG[reason](models / "adapter.gguf").read_bytes()).hexdigest()
    entry = models / "models.toml"
    entry.write_text(entry.read_text().replace(before, after))
    log = told_by(tmp_path, "own")
    assert "adapter.gguf is not an adapter of this model" in log
    assert reason in log


def test_an_adapter_with_another_hash_is_not_served(models: Path, adapter: Path, tmp_path: Path) -> None:
    (models / "adapter.gguf").write_bytes(adapter.read_bytes())
    register(models, "own", f"style={models / 'adapter.gguf'}")
    changed = lora_pair(TARGET, rows=1024, columns=256, seed=1)
    write_lora(models / "adapter.gguf", changed, architecture="gpt2")
    log = told_by(tmp_path, "own")
    assert "the adapter style" in log
    assert "is not the one that was registered" in log


def test_the_starter_model_takes_an_adapter_too(model_file: Path, weights: Weights, tmp_path: Path) -> None:
    width = int(llama_cpp.llama_model_n_embd(weights.model))
    pair = lora_pair("blk.0.attn_q.weight", rows=width, columns=width)
    adapter = write_lora(tmp_path / "adapter.gguf", pair, architecture="llama")
    plain = logits_of(model_file)
    assert distance(logits_of(model_file, (adapter, 1.0)), plain) > 0.01
    assert (logits_of(model_file, (adapter, 0.0)) == plain).all()
