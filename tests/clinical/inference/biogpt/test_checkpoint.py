"""A checkpoint that is incomplete, damaged or of another model is refused, and the message says what to do."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from clinical.inference.biogpt.conversion import import_biogpt
from clinical.inference.biogpt.errors import (
    BioGptError,
    CheckpointDamaged,
    CheckpointFileMissing,
    CheckpointUnsupported,
    NotBioGpt,
    TensorMissing,
    TensorShapeWrong,
)
from tests.clinical.inference.biogpt import torch_zip
from tests.clinical.inference.biogpt.checkpoints import Sample


def refusal(checkpoint: Path) -> BioGptError:
    """The error of an import, which leaves nothing behind."""
    with pytest.raises(BioGptError) as caught:
        import_biogpt(checkpoint, checkpoint.parent / "out.gguf")
    assert [file.name for file in checkpoint.parent.iterdir()] == [checkpoint.name]
    return caught.value


def change(checkpoint: Path, **values: Any) -> None:
    file = checkpoint / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


@pytest.mark.parametrize("name", ["config.json", "vocab.json", "merges.txt", "pytorch_model.bin"])
def test_a_missing_file_is_named(name: str, own_checkpoint: Path) -> None:
    (own_checkpoint / name).unlink()
    error = refusal(own_checkpoint)
    assert isinstance(error, CheckpointFileMissing)
    assert name in str(error)


@pytest.mark.parametrize("name", ["config.json", "vocab.json"])
@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b"\xff\xfe{}", b"[" * 100_000])
def test_a_file_that_is_not_a_json_object_is_refused(name: str, content: bytes, own_checkpoint: Path) -> None:
    (own_checkpoint / name).write_bytes(content)
    error = refusal(own_checkpoint)
    assert isinstance(error, CheckpointDamaged)
    assert name in str(error)


def test_another_model_is_refused(own_checkpoint: Path) -> None:
    change(own_checkpoint, model_type="gpt2")
    error = refusal(own_checkpoint)
    assert isinstance(error, NotBioGpt)
    assert "'gpt2'" in str(error)


def test_an_activation_that_llama_cpp_would_not_compute_is_refused(own_checkpoint: Path) -> None:
    change(own_checkpoint, hidden_act="relu")
    assert isinstance(refusal(own_checkpoint), CheckpointUnsupported)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("hidden_size", "256"),
        ("hidden_size", 0),
        ("num_hidden_layers", -1),
        ("vocab_size", True),
        ("num_attention_heads", 3),
        ("scale_embedding", "yes"),
    ],
)
def test_a_size_that_cannot_be_is_refused(key: str, value: object, own_checkpoint: Path) -> None:
    change(own_checkpoint, **{key: value})
    error = refusal(own_checkpoint)
    assert isinstance(error, CheckpointDamaged)
    assert key in str(error)


def test_a_missing_tensor_is_named(own_checkpoint: Path, sample: Sample) -> None:
    weights = dict(sample.weights)
    del weights["biogpt.layers.1.self_attn.k_proj.bias"]
    torch_zip.save(weights, own_checkpoint / "pytorch_model.bin")
    error = refusal(own_checkpoint)
    assert isinstance(error, TensorMissing)
    assert "layers.1.self_attn.k_proj.bias" in str(error)


@pytest.mark.parametrize(
    "key", ["num_hidden_layers", "vocab_size", "max_position_embeddings", "intermediate_size"]
)
def test_weights_of_another_size_than_the_configuration_are_refused(key: str, own_checkpoint: Path) -> None:
    size = json.loads((own_checkpoint / "config.json").read_text())[key]
    change(own_checkpoint, **{key: size + 1})
    assert isinstance(refusal(own_checkpoint), TensorMissing | TensorShapeWrong)


def test_a_wrong_shape_is_told_with_the_right_one(own_checkpoint: Path, sample: Sample) -> None:
    weights = sample.weights | {"biogpt.layer_norm.bias": np.zeros(7, dtype=np.float32)}
    torch_zip.save(weights, own_checkpoint / "pytorch_model.bin")
    error = refusal(own_checkpoint)
    assert isinstance(error, TensorShapeWrong)
    assert "(7,)" in str(error)
    assert "(256,)" in str(error)


def test_a_safetensors_file_that_was_cut_is_refused(own_checkpoint: Path, sample: Sample) -> None:
    file = own_checkpoint / "model.safetensors"
    save_file(sample.weights, file)
    file.write_bytes(file.read_bytes()[:-8])
    assert isinstance(refusal(own_checkpoint), CheckpointDamaged)


def test_whole_numbers_for_weights_are_refused(own_checkpoint: Path, sample: Sample) -> None:
    weights = sample.weights | {"biogpt.layer_norm.bias": np.zeros(256, dtype=np.int64)}
    save_file(weights, own_checkpoint / "model.safetensors")
    error = refusal(own_checkpoint)
    assert isinstance(error, CheckpointDamaged)
    assert "I64" in str(error)


@pytest.mark.parametrize("place", ["../other/model.safetensors", "/etc/model.safetensors", 3, "config.json"])
def test_an_index_may_only_name_weights_in_the_folder(place: object, own_checkpoint: Path) -> None:
    (own_checkpoint / "pytorch_model.bin").unlink()
    index = {"weight_map": {"biogpt.layer_norm.bias": place}}
    (own_checkpoint / "model.safetensors.index.json").write_text(json.dumps(index))
    assert isinstance(refusal(own_checkpoint), CheckpointDamaged)


def test_a_missing_shard_is_named(own_checkpoint: Path) -> None:
    (own_checkpoint / "pytorch_model.bin").unlink()
    index = {"weight_map": {"biogpt.layer_norm.bias": "part-1.bin"}}
    (own_checkpoint / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    error = refusal(own_checkpoint)
    assert isinstance(error, CheckpointFileMissing)
    assert "part-1.bin" in str(error)


@pytest.mark.parametrize(
    "change",
    [
        {"<unk>": None},
        {"the</w>": 2},
        {"the</w>": "7"},
        {"the</w>": -1},
        {"new</w>": 100_000},
        {"two words</w>": 9_000},
        {"\ud800": 9_000},
    ],
)
def test_a_vocabulary_that_cannot_be_biogpts_is_refused(
    change: dict[str, Any], own_checkpoint: Path, sample: Sample
) -> None:
    ids = {piece: token for piece, token in (sample.ids | change).items() if token is not None}
    (own_checkpoint / "vocab.json").write_text(json.dumps(ids))
    assert isinstance(refusal(own_checkpoint), CheckpointDamaged)


@pytest.mark.parametrize("merges", ["", "\n\n", "a b 1\nlonely\n"])
def test_merges_that_cannot_be_read_are_refused(merges: str, own_checkpoint: Path) -> None:
    (own_checkpoint / "merges.txt").write_text(merges)
    assert isinstance(refusal(own_checkpoint), CheckpointDamaged)
