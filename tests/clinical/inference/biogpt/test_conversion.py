"""From a checkpoint to a GGUF whose logits and greedy text are those of BioGPT."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGUFReader, TokenType
from safetensors.numpy import save_file

from clinical.inference.biogpt.comparison import compare
from clinical.inference.biogpt.conversion import import_biogpt
from clinical.inference.biogpt.errors import (
    CheckpointDamaged,
    GgufExists,
    GgufNotWritten,
    QuantizationUnknown,
)
from clinical.inference.biogpt.gguf_file.llama_logits import logits_of
from clinical.inference.biogpt.tokenizer import BioGptTokenizer
from tests.clinical.inference.biogpt import oracle, torch_zip
from tests.clinical.inference.biogpt.checkpoints import Format, Sample, make_sample, write_checkpoint
from tests.clinical.inference.biogpt.greedy import write_greedily

PROMPT = "Aspirin reduces the risk of"
POSITIONS = 64
LARGEST_ERROR = 1e-3


def prompt_tokens(gguf: Path) -> list[int]:
    return [2, *BioGptTokenizer.from_gguf(gguf).encode(PROMPT)]


def check_against_oracle(sample: Sample, gguf: Path) -> None:
    """llama.cpp writes freely; at each of its tokens the oracle must choose the same, so both texts are one."""
    prompt = prompt_tokens(gguf)
    written, _text = write_greedily(gguf, prompt, positions=POSITIONS)
    tokens = [*prompt, *written[:-1]]
    reference = oracle.logits(sample.weights, sample.configuration, tokens)[-POSITIONS:]
    assert reference.argmax(axis=1).tolist() == written
    comparison = compare(logits_of(gguf, tokens)[-POSITIONS:], reference.astype(np.float32))
    assert comparison.relative_error < LARGEST_ERROR
    assert comparison.greedy_agreement == 1
    assert comparison.positions == POSITIONS


def test_logits_and_greedy_text_are_those_of_biogpt(shape: str, tmp_path: Path) -> None:
    sample = make_sample(shape)
    import_biogpt(write_checkpoint(sample, tmp_path / "checkpoint"), tmp_path / "out.gguf")
    check_against_oracle(sample, tmp_path / "out.gguf")


def test_both_formats_of_weights_give_the_same_file(sample: Sample, gguf: Path, tmp_path: Path) -> None:
    import_biogpt(write_checkpoint(sample, tmp_path / "checkpoint", "safetensors"), tmp_path / "out.gguf")
    assert (tmp_path / "out.gguf").read_bytes() == gguf.read_bytes()


def test_an_output_of_its_own_is_used(shape: str, tmp_path: Path) -> None:
    sample = make_sample(shape, has_own_output=True)
    import_biogpt(write_checkpoint(sample, tmp_path / "checkpoint"), tmp_path / "out.gguf")
    check_against_oracle(sample, tmp_path / "out.gguf")
    written, _text = write_greedily(
        tmp_path / "out.gguf", prompt_tokens(tmp_path / "out.gguf"), positions=POSITIONS
    )
    assert len(set(written)) > 8  # a text that wanders tells more than one that repeats


def test_an_embedding_that_is_not_scaled_is_left_so(tmp_path: Path) -> None:
    sample = make_sample(seed=1)
    sample.configuration["scale_embedding"] = False
    import_biogpt(write_checkpoint(sample, tmp_path / "checkpoint"), tmp_path / "out.gguf")
    check_against_oracle(sample, tmp_path / "out.gguf")


@pytest.mark.parametrize("weights_format", ["safetensors", "bin"])
@pytest.mark.parametrize("number_type", ["float16", "bfloat16"])
def test_half_precision_weights_are_read_exactly(
    number_type: str, weights_format: Format, tmp_path: Path
) -> None:
    sample = make_sample(number_type=number_type)
    import_biogpt(write_checkpoint(sample, tmp_path / "checkpoint", weights_format), tmp_path / "out.gguf")
    written = tensors(tmp_path / "out.gguf")
    for name in ("fc1.weight", "fc1.bias"):
        expected = sample.weights[f"biogpt.layers.2.{name}"].astype(np.float32)
        assert (written[f"blk.2.ffn_up.{name.removeprefix('fc1.')}"] == expected).all()


def tensors(gguf: Path) -> dict[str, Any]:
    return {tensor.name: tensor.data for tensor in GGUFReader(gguf).tensors}


@pytest.mark.parametrize("weights_format", ["safetensors", "bin"])
def test_shards_give_the_same_file_as_one(
    weights_format: Format, sample: Sample, gguf: Path, own_checkpoint: Path
) -> None:
    (own_checkpoint / "pytorch_model.bin").unlink()
    name = "model.safetensors" if weights_format == "safetensors" else "pytorch_model.bin"
    save = save_file if weights_format == "safetensors" else torch_zip.save
    half = len(sample.weights) // 2
    parts = [dict(list(sample.weights.items())[:half]), dict(list(sample.weights.items())[half:])]
    files = [f"part-{number}.{name.rpartition('.')[2]}" for number in range(2)]
    for file, part in zip(files, parts, strict=True):
        save(part, own_checkpoint / file)
    index = {tensor: file for file, part in zip(files, parts, strict=True) for tensor in part}
    (own_checkpoint / f"{name}.index.json").write_text(json.dumps({"weight_map": index}))
    import_biogpt(own_checkpoint, own_checkpoint.parent / "out.gguf")
    assert (own_checkpoint.parent / "out.gguf").read_bytes() == gguf.read_bytes()


def test_a_checkpoint_without_the_prefix_gives_the_same_file(
    sample: Sample, gguf: Path, own_checkpoint: Path
) -> None:
    bare = {name.removeprefix("biogpt."): array for name, array in sample.weights.items()}
    torch_zip.save(bare, own_checkpoint / "pytorch_model.bin")
    import_biogpt(own_checkpoint, own_checkpoint.parent / "out.gguf")
    assert (own_checkpoint.parent / "out.gguf").read_bytes() == gguf.read_bytes()


def test_the_file_says_what_it_is(sample: Sample, gguf: Path) -> None:
    reader = GGUFReader(gguf)

    def value(key: str) -> object:
        field = reader.get_field(key)
        assert field is not None, key
        return field.contents()

    assert value("general.architecture") == "gpt2"
    assert value("tacit.tokenizer") == "biogpt"
    assert value("gpt2.context_length") == 128
    assert value("gpt2.attention.layer_norm_epsilon") == pytest.approx(1e-5)
    assert value("tokenizer.ggml.bos_token_id") == value("tokenizer.ggml.eos_token_id") == sample.ids["</s>"]
    types = np.array(value("tokenizer.ggml.token_type"))
    assert np.flatnonzero(types == TokenType.CONTROL).tolist() == [0, 1, 2]
    assert np.flatnonzero(types == TokenType.UNKNOWN).tolist() == [3]
    assert value("tokenizer.ggml.tokens")[sample.ids["patients</w>"]] == "patientsĠ"  # type: ignore[index]


def test_an_embedding_with_rows_to_spare_is_filled_with_unused_tokens(tmp_path: Path) -> None:
    sample = make_sample()
    spare = 5
    table = sample.weights["biogpt.embed_tokens.weight"]
    sample.weights["biogpt.embed_tokens.weight"] = np.concatenate([table, table[:spare]])
    sample.configuration["vocab_size"] += spare
    out = tmp_path / "out.gguf"
    import_biogpt(write_checkpoint(sample, tmp_path / "checkpoint"), out)
    types = GGUFReader(out).get_field("tokenizer.ggml.token_type")
    assert types is not None
    assert types.contents()[-spare:] == [TokenType.UNUSED] * spare
    assert len(BioGptTokenizer.from_gguf(out).encode(PROMPT)) == 6
    assert logits_of(out, prompt_tokens(out)).shape == (7, len(sample.ids) + spare)


def test_a_checkpoint_becomes_text(gguf: Path) -> None:
    tokenizer = BioGptTokenizer.from_gguf(gguf)
    _tokens, text = write_greedily(gguf, prompt_tokens(gguf), positions=POSITIONS)
    plain = tokenizer.detokenize(f"{' '.join(PROMPT.split())} {text}")
    assert plain.startswith(PROMPT)
    assert len(plain) > len(PROMPT) + POSITIONS
    assert "</w>" not in plain
    assert "@-@" not in plain


@pytest.mark.parametrize(
    ("quantization", "shape_name"),
    [("F16", "biogpt"), ("BF16", "biogpt"), ("Q8_0", "biogpt"), ("q8_0", "biogpt-large")],
)
def test_exact_types_write_almost_the_same_text(quantization: str, shape_name: str, tmp_path: Path) -> None:
    sample = make_sample(shape_name)
    folder = write_checkpoint(sample, tmp_path / "checkpoint")
    import_biogpt(folder, tmp_path / "full.gguf")
    import_biogpt(folder, tmp_path / "small.gguf", quantize=quantization)
    prompt = prompt_tokens(tmp_path / "small.gguf")
    tokens = [*prompt, *write_greedily(tmp_path / "full.gguf", prompt, positions=POSITIONS - 1)[0]]
    reference = oracle.logits(sample.weights, sample.configuration, tokens)[-POSITIONS:]
    comparison = compare(
        logits_of(tmp_path / "small.gguf", tokens)[-POSITIONS:], reference.astype(np.float32)
    )
    assert (tmp_path / "small.gguf").stat().st_size < 0.6 * (tmp_path / "full.gguf").stat().st_size
    assert comparison.relative_error < 0.03
    assert comparison.greedy_agreement > 0.9


@pytest.mark.parametrize("quantization", ["Q6_K", "Q4_K_M"])
def test_types_of_256_numbers_take_a_width_that_they_do_not_divide(quantization: str, tmp_path: Path) -> None:
    folder = write_checkpoint(make_sample("biogpt-large"), tmp_path / "checkpoint")
    import_biogpt(folder, tmp_path / "small.gguf", quantize=quantization)
    prompt = prompt_tokens(tmp_path / "small.gguf")
    assert np.isfinite(logits_of(tmp_path / "small.gguf", prompt)).all()
    assert [file.name for file in tmp_path.iterdir() if "part" in file.name] == []


def test_an_unknown_type_is_refused_with_the_known_ones(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(QuantizationUnknown, match=r"'Q9'.*Q8_0"):
        import_biogpt(checkpoint, tmp_path / "out.gguf", quantize="Q9")


def test_an_existing_file_is_kept_unless_asked(checkpoint: Path, gguf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.gguf"
    out.write_text("mine")
    with pytest.raises(GgufExists, match=r"out\.gguf exists"):
        import_biogpt(checkpoint, out)
    assert out.read_text() == "mine"
    import_biogpt(checkpoint, out, overwrite=True)
    assert out.read_bytes() == gguf.read_bytes()


def test_a_folder_that_is_not_there_is_named(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(GgufNotWritten, match="nowhere"):
        import_biogpt(checkpoint, tmp_path / "nowhere" / "out.gguf")


@pytest.mark.parametrize("quantization", [None, "Q8_0"])
def test_a_failure_in_the_middle_leaves_nothing_behind(
    quantization: str | None, own_checkpoint: Path, sample: Sample
) -> None:
    broken = dict(sample.weights)
    broken["biogpt.layers.2.fc2.weight"] = np.full_like(broken["biogpt.layers.2.fc2.weight"], np.nan)
    torch_zip.save(broken, own_checkpoint / "pytorch_model.bin")
    out = own_checkpoint.parent / "out.gguf"
    with pytest.raises(CheckpointDamaged, match=r"layers\.2\.fc2\.weight"):
        import_biogpt(own_checkpoint, out, quantize=quantization)
    assert [file.name for file in out.parent.iterdir()] == ["checkpoint"]


def test_a_cancelled_conversion_leaves_nothing_behind(checkpoint: Path, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_biogpt(checkpoint, tmp_path / "out.gguf", on_progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_progress_ends_at_its_total(checkpoint: Path, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    import_biogpt(checkpoint, tmp_path / "out.gguf", on_progress=lambda *step: steps.append(step))
    assert steps == sorted(steps)
    assert len({total for _done, total in steps}) == 1
    assert steps[-1][0] == steps[-1][1] < (tmp_path / "out.gguf").stat().st_size
